"""Addresses of the ground work. `code` names a ledger of groundwork.ledgers."""

from django.urls import path

from .views.ledgers import LedgerAdd, LedgerIndex, LedgerList, LedgerPaper, LedgerRow
from .views.overviews import RiskList, SurveyList
from .views.schedule import WorkSchedulePage
from .views.stages import Rectification, SheetPage, Survey

LEDGER = "campaigns/<int:pk>/ledgers/<str:code>/"

urlpatterns = [
    path("elections/<int:pk>/survey/", Survey.as_view(), name="stage_survey"),
    path(
        "elections/<int:pk>/rectification/",
        Rectification.as_view(),
        name="stage_rectification",
    ),
    path("elections/<int:pk>/work-schedule/", WorkSchedulePage.as_view(), name="work_schedule"),
    path("campaigns/<int:pk>/ledgers/", LedgerIndex.as_view(), name="ledger_index"),
    path("campaigns/<int:pk>/surveys/", SurveyList.as_view(), name="survey_list"),
    path("campaigns/<int:pk>/risks/", RiskList.as_view(), name="risk_list"),
    path("campaigns/<int:pk>/risk-sheet/", SheetPage.as_view(), name="risk_sheet"),
    path(LEDGER, LedgerList.as_view(), name="ledger_list"),
    path(f"{LEDGER}add/", LedgerAdd.as_view(), name="ledger_add"),
    path(f"{LEDGER}<int:row>/", LedgerRow.as_view(), name="ledger_row"),
    path(f"{LEDGER}<int:row>/paper/", LedgerPaper.as_view(), name="ledger_paper"),
]
