"""The addresses of retention."""

from django.urls import path

from privacy import retention_views as views

app_name = "retention"
urlpatterns = [
    path("", views.retention, name="retention"),
    path("outlooks/", views.ask, name="ask"),
    path("outlooks/<uuid:public_id>/", views.outlook, name="outlook"),
    path("runs/<uuid:public_id>/", views.run, name="run"),
    path("runs/<uuid:public_id>/approve/", views.approve, name="approve"),
    path("runs/<uuid:public_id>/stop/", views.stop, name="stop"),
    path("statistics/", views.statistics, name="statistics"),
    path("periods/", views.periods, name="periods"),
    path("periods/<slug:rule>/", views.period, name="period"),
]
