"""The addresses of breaches."""

from django.urls import path

from privacy import breach_views as views

app_name = "breaches"
urlpatterns = [
    path("", views.breaches, name="breaches"),
    path("<uuid:public_id>/", views.breach, name="breach"),
]
