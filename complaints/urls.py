from django.urls import path

from .views import complaints as views

urlpatterns = [
    path("complaints/", views.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/new/", views.ComplaintCreate.as_view(), name="complaint_create"),
    path(
        "complaints/challenges/<int:pk>/",
        views.ChallengeDetail.as_view(),
        name="complaint_challenge",
    ),
    path("complaints/<int:pk>/", views.ComplaintDetail.as_view(), name="complaint_detail"),
]
