"""Addresses of recordings and stored messages."""

from django.urls import path

from recordings import list_views, record_views

app_name = "recordings"

urlpatterns = [
    path("", list_views.recordings, name="recordings"),
    path("messages/", list_views.messages, name="messages"),
    path("messages/<uuid:public_id>/", record_views.message, name="message"),
    path("<uuid:public_id>/", record_views.recording, name="recording"),
    path("<uuid:public_id>/media", record_views.media, name="media"),
]
