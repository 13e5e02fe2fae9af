"""Addresses of the caller card, its panels, and what is done on it."""

from django.urls import include, path

from caller_lookup import (
    contact_views,
    correction_views,
    extra_views,
    marketing_views,
    views,
)

app_name = "persons"

_card = [
    path("", views.card, name="card"),
    path("reveal/", views.reveal, name="reveal"),
    path("log-contact/", contact_views.log_contact, name="log_contact"),
    path("contacts/<uuid:contact>/close/", contact_views.close, name="close"),
    path("permissions/choose/", marketing_views.choose, name="choose"),
    path("permissions/undo/", marketing_views.undo, name="undo_choice"),
    path("consents/give/", extra_views.give_consent, name="give_consent"),
    path("consents/<uuid:consent>/withdraw/", extra_views.end_consent, name="withdraw_consent"),
    path("extra/add/", extra_views.information, name="add_information"),
    path("name/correct/", correction_views.name, name="name"),
    path("language/correct/", correction_views.language, name="language"),
    path("contact-points/add/", correction_views.add_point, name="add_point"),
    path("contact-points/<uuid:point>/correct/", correction_views.point, name="point"),
    path("contact-points/<uuid:point>/end/", correction_views.end_point, name="end_point"),
    path("contact-points/<uuid:point>/first/", correction_views.first_point, name="first_point"),
    path("addresses/add/", correction_views.add_address, name="add_address"),
    path("addresses/<uuid:address>/correct/", correction_views.address, name="address"),
    path("addresses/<uuid:address>/end/", correction_views.end_address, name="end_address"),
    path("roles/<uuid:role>/correct/", correction_views.role, name="role"),
    path("roles/<uuid:role>/end/", correction_views.end_role, name="end_role"),
    path("<slug:panel>/", views.panel, name="panel"),
]

urlpatterns = [path("<uuid:public_id>/", include(_card))]
