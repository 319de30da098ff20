from django.urls import path

from .views import complaints as views
from .views import handling, opinion, public, retention, statistics

urlpatterns = [
    path("complaints/", views.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/new/", views.ComplaintCreate.as_view(), name="complaint_create"),
    path(
        "complaints/challenges/<int:pk>/",
        views.ChallengeDetail.as_view(),
        name="complaint_challenge",
    ),
    path(
        "campaigns/<int:pk>/opinion/",
        opinion.OpinionList.as_view(),
        name="opinion_list",
    ),
    path(
        "campaigns/<int:pk>/opinion/new/",
        opinion.OpinionCreate.as_view(),
        name="opinion_create",
    ),
    path("opinion/<int:pk>/", opinion.OpinionDetail.as_view(), name="opinion_detail"),
    path(
        "opinion/screenshots/<uuid:pk>/",
        opinion.OpinionScreenshotFile.as_view(),
        name="opinion_screenshot",
    ),
    path("report/", public.PublicReport.as_view(), name="public_report"),
    path("report/receipt/", public.PublicReceipt.as_view(), name="public_receipt"),
    path(
        "campaigns/<int:pk>/complaints/retention/",
        retention.Retention.as_view(),
        name="complaint_retention",
    ),
    path(
        "campaigns/<int:pk>/complaints/statistics/",
        statistics.Statistics.as_view(),
        name="complaint_statistics",
    ),
    path(
        "campaigns/<int:pk>/complaints/last-term/",
        statistics.LastTerm.as_view(),
        name="complaint_last_term",
    ),
    path("complaints/<int:pk>/", handling.ComplaintDetail.as_view(), name="complaint_detail"),
    path(
        "complaints/<int:pk>/reporter/", handling.ReporterPage.as_view(), name="complaint_reporter"
    ),
    path(
        "complaints/transfers/<int:pk>/", handling.TransferSlip.as_view(), name="complaint_transfer"
    ),
    path("complaints/files/<uuid:pk>/", handling.AttachmentFile.as_view(), name="complaint_file"),
    path(
        "campaigns/<int:pk>/complaints/clocks/",
        handling.ClockPage.as_view(),
        name="complaint_clocks",
    ),
]
