"""Addresses of the caller card."""

from django.urls import path

from caller_lookup import views

app_name = "persons"

urlpatterns = [path("<uuid:public_id>/", views.card, name="card")]
