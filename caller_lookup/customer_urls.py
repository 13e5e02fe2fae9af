"""Addresses of the customer page and its tabs."""

from django.urls import path

from caller_lookup import customer_views, marketing_views

app_name = "customers"

urlpatterns = [
    path("<uuid:public_id>/", customer_views.customer, name="customer"),
    path("<uuid:public_id>/permissions/choose/", marketing_views.choose_for_company, name="choose"),
    path("<uuid:public_id>/<slug:tab>/", customer_views.customer, name="tab"),
]
