"""Addresses of the decisions in a request, below the address of the request."""

from django.urls import path

from privacy import decision_views as views

VALUE = "rectify/<slug:model>/<uuid:record>/<slug:field>/"

urlpatterns = [
    path("rectify/", views.values, name="rectify"),
    path("rectify/others/", views.other_kinds, name="rectify-others"),
    path("rectify/others/<slug:model>/", views.other_values, name="rectify-kind"),
    path("complete/", views.complete, name="complete"),
    path(VALUE, views.rectify, name="rectify-value"),
    path("restrict/", views.restrict, name="restrict"),
    path("lift/<uuid:restriction>/", views.lift, name="lift"),
    path("objection/", views.objection, name="decide-objection"),
    path("erasure/", views.erasure, name="decide-erasure"),
    path("staff-names/", views.staff_names, name="decide-staff-names"),
    path("recipients/<uuid:notice>/", views.told, name="told"),
]
