"""Every address of the site."""

from django.urls import include, path

from praecom_registry import health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("accounts/", include("accounts.urls")),
    path("lookup/", include("caller_lookup.lookup_urls")),
    path("persons/", include("caller_lookup.person_urls")),
    path("audit/", include("audit.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
