"""Addresses of data-subject requests."""

from django.urls import include, path

from privacy import calendar_views, case_views, letter_views, paper_views, request_views
from privacy.steps import STEPS

app_name = "requests"

CASE = "<uuid:public_id>/"

urlpatterns = [
    path("", request_views.requests, name="requests"),
    path("month/", request_views.month, name="month"),
    path("new/", request_views.new, name="new"),
    path("person/", request_views.find_person, name="person"),
    path("calendar/", calendar_views.calendar_link, name="calendar"),
    path("calendar/<str:token>/", calendar_views.feed, name="feed"),
    path(CASE, case_views.case, name="case"),
    path(f"{CASE}decisions/", include("privacy.decision_urls")),
    path(f"{CASE}erasure/", include("privacy.erasure_urls")),
    path(f"{CASE}package/", include("privacy.package_urls")),
    *(path(f"{CASE}{step.name}/", case_views.step_view(step), name=step.name) for step in STEPS),
    path(f"{CASE}notes/", paper_views.add_note, name="add-note"),
    path(f"{CASE}tasks/", paper_views.add_task, name="add-task"),
    path(f"{CASE}tasks/<uuid:task>/done/", paper_views.finish_task, name="finish-task"),
    path(f"{CASE}papers/", paper_views.attach, name="attach"),
    path(f"{CASE}papers/<uuid:attachment>/", paper_views.open_attachment, name="paper"),
    path(f"{CASE}letters/", letter_views.write, name="write"),
    path(f"{CASE}letters/<uuid:letter>/", letter_views.read, name="letter"),
    path(f"{CASE}letters/<uuid:letter>/sent/", letter_views.sent, name="sent"),
    path(f"{CASE}letters/<uuid:letter>/throw-away/", letter_views.throw_away, name="throw-away"),
]
