"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import start
from praecom_registry import health

urlpatterns = [
    path("", start, name="start"),
    path("accounts/", include("accounts.urls")),
    path("lookup/", include("caller_lookup.lookup_urls")),
    path("persons/", include("caller_lookup.person_urls")),
    path("audit/", include("audit.urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
