"""Addresses of the documents."""

from django.urls import path

from contracts.documents.views import DOCUMENTS, view_of

app_name = "documents"

urlpatterns = [
    path(f"{document.name}s/<uuid:public_id>/", view_of(document), name=document.name)
    for document in DOCUMENTS
]
