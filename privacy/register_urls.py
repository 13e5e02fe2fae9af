"""The addresses of the register description."""

from django.urls import path

from privacy import description_views as views

app_name = "register"
urlpatterns = [
    path("", views.description, name="description"),
    path("pdf/", views.document, name="pdf"),
    path("report-schema.json", views.report_schema, name="report-schema"),
    path("versions/", views.versions, name="versions"),
    path("versions/<int:version>/", views.version, name="version"),
    path("versions/<int:version>/pdf/", views.document, name="version-pdf"),
    path("versions/<int:version>/changes/", views.changes, name="changes"),
    path("publish/", views.publication, name="publish"),
    path("record/", views.record, name="record"),
    path("record/pdf/", views.record_document, name="record-pdf"),
]
