"""Addresses of the erasure of a request, below the address of the request."""

from django.urls import path

from privacy import erasure_views as views

RUN = "<uuid:run>/"

urlpatterns = [
    path("", views.erasure, name="erasure"),
    path("plan/", views.plan, name="erasure-plan"),
    path(f"{RUN}approve/", views.approve, name="erasure-approve"),
    path(f"{RUN}certificate/<slug:language>/", views.certificate, name="erasure-certificate"),
]
