"""Addresses of packages, below the address of their request."""

from django.urls import path

from privacy import package_views as views

ONE = "<uuid:package>/"

urlpatterns = [
    path("", views.ask, name="package-ask"),
    path(ONE, views.show, name="package"),
    path(f"{ONE}review/", views.review, name="package-review"),
    path(f"{ONE}draft/", views.draft, name="package-draft"),
    path(f"{ONE}approve/", views.approve, name="package-approve"),
    path(f"{ONE}again/", views.again, name="package-again"),
    path(f"{ONE}sent/", views.sent, name="package-sent"),
    path(f"{ONE}password/", views.password, name="package-password"),
    path(f"{ONE}files/<slug:kind>/<int:volume>/", views.download, name="package-file"),
]
