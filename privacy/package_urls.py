"""Addresses of packages, below the address of their request."""

from django.urls import path

from privacy import package_file_views as files
from privacy import package_review_views as reviewing
from privacy import package_views as views

ONE = "<uuid:package>/"

urlpatterns = [
    path("", views.ask, name="package-ask"),
    path(ONE, views.show, name="package"),
    path(f"{ONE}review/", reviewing.review, name="package-review"),
    path(f"{ONE}draft/", reviewing.draft, name="package-draft"),
    path(f"{ONE}approve/", views.approve, name="package-approve"),
    path(f"{ONE}again/", views.again, name="package-again"),
    path(f"{ONE}sent/", views.sent, name="package-sent"),
    path(f"{ONE}discard/", views.discard, name="package-discard"),
    path(f"{ONE}password/", files.password, name="package-password"),
    path(f"{ONE}password/written-down/", files.written_down, name="package-written-down"),
    path(f"{ONE}files/<slug:kind>/<int:volume>/", files.download, name="package-file"),
]
