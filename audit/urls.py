"""Addresses of the log viewer."""

from django.urls import path

from audit import views

app_name = "audit"

urlpatterns = [path("", views.log_page, name="log")]
