"""Every address of the site."""

from django.urls import include, path

import accounts.admin  # noqa: F401  (each of these puts its models on the staff's desk)
import consents.admin  # noqa: F401
import contracts.admin  # noqa: F401
import customers.admin  # noqa: F401
import privacy.admin  # noqa: F401
import recordings.admin  # noqa: F401
from accounts.admin_site import site
from consents.preference_views import preferences
from consents.survey_views import survey
from praecom_registry import health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("accounts/", include("accounts.urls")),
    path("lookup/", include("caller_lookup.lookup_urls")),
    path("persons/", include("caller_lookup.person_urls")),
    path("customers/", include("caller_lookup.customer_urls")),
    path("documents/", include("contracts.documents.urls")),
    path("recordings/", include("recordings.urls")),
    path("audit/", include("audit.urls")),
    path("marketing/", include("consents.list_urls")),
    path("requests/", include("privacy.urls")),
    path("register/", include("privacy.register_urls")),
    path("retention/", include("privacy.retention_urls")),
    path("breaches/", include("privacy.breach_urls")),
    path("preferences/<str:token>/", preferences, name="preferences"),
    path("survey/<str:token>/", survey, name="survey"),
    path("admin/", site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]

handler400 = "praecom_registry.failures.bad_request"
handler403 = "praecom_registry.failures.permission_denied"
handler404 = "praecom_registry.failures.page_not_found"
handler500 = "praecom_registry.failures.server_error"
