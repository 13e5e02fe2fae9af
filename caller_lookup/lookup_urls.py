"""Addresses of the caller lookup."""

from django.urls import path

from caller_lookup import views

app_name = "lookup"

urlpatterns = [path("", views.lookup, name="lookup")]
