"""Addresses of the caller lookup."""

from django.urls import path

from caller_lookup import lookup_views

app_name = "lookup"

urlpatterns = [
    path("", lookup_views.lookup, name="lookup"),
    path("recent/", lookup_views.recent, name="recent"),
]
