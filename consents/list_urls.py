"""Addresses of marketing lists."""

from django.urls import path

from consents import list_views
from consents.list_files import KINDS

app_name = "marketing"

urlpatterns = [
    path("", list_views.lists, name="lists"),
    path("new/", list_views.new, name="new"),
    path("<uuid:public_id>/", list_views.show, name="list"),
    path("<uuid:public_id>/choose/", list_views.choose, name="choose"),
    *(path(f"<uuid:public_id>/{kind}/", list_views.view_of(kind), name=kind) for kind in KINDS),
]
