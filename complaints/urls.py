from django.urls import path

from .views import complaints as views
from .views import handling

urlpatterns = [
    path("complaints/", views.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/new/", views.ComplaintCreate.as_view(), name="complaint_create"),
    path(
        "complaints/challenges/<int:pk>/",
        views.ChallengeDetail.as_view(),
        name="complaint_challenge",
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
