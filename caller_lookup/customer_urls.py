"""Addresses of the customer page."""

from django.urls import path

from caller_lookup import customer_views

app_name = "customers"

urlpatterns = [path("<uuid:public_id>/", customer_views.customer, name="customer")]
