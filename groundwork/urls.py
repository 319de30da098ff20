from django.urls import path

from . import views

urlpatterns = [
    path("elections/<int:pk>/survey/", views.Survey.as_view(), name="stage_survey"),
    path(
        "elections/<int:pk>/rectification/",
        views.Rectification.as_view(),
        name="stage_rectification",
    ),
]
