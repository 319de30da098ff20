"""Addresses of the reporting app."""

from django.urls import path

from .views.analysis import PacePage, TeamsPage, TeamTargets
from .views.area_bulletins import AreaBulletinFile, AreaBulletins
from .views.bulletins import BulletinDetail, BulletinFile, BulletinList, BulletinVersion
from .views.checkup import CheckupPage
from .views.closing import (
    ClosingAnnex,
    ClosingFile,
    ClosingPage,
    ClosingTexts,
)
from .views.daily import DailyList, DailyReportPage
from .views.dashboard import DashboardPage
from .views.exports import ExportDetail, ExportFile, ExportStart
from .views.funnel import PeopleFunnel
from .views.grid import CampaignGrid, TownshipGrid
from .views.home import CampaignChoose, Home, VettingHome
from .views.imports import ImportDetail, ImportList, ImportPainted, ImportTemplate
from .views.indicators import IndicatorList, IndicatorRows
from .views.jobs import JobDetail, JobList
from .views.overrides import OverrideList
from .views.overview import OverviewArea, OverviewHome
from .views.saved import SavedViewChange, SavedViewList, SavedViewSave
from .views.screen import CampaignScreen, OverviewScreen
from .views.search import SearchPage
from .views.todo import TodoPage
from .views.village import ElectionDetail
from .views.villages import ElectedList, VillageList
from .views.women import WomenGates

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("campaign/choose/", CampaignChoose.as_view(), name="campaign_choose"),
    path("todo/", TodoPage.as_view(), name="todo"),
    path("search/", SearchPage.as_view(), name="search"),
    path("saved-views/", SavedViewList.as_view(), name="saved_views"),
    path("saved-views/save/", SavedViewSave.as_view(), name="saved_view_save"),
    path("saved-views/<int:pk>/", SavedViewChange.as_view(), name="saved_view_change"),
    path("vetting/", VettingHome.as_view(), name="vetting_home"),
    path("overview/", OverviewHome.as_view(), name="overview"),
    path("overview/<int:pk>/", OverviewArea.as_view(), name="overview_area"),
    path("overview/<int:pk>/screen/", OverviewScreen.as_view(), name="overview_screen"),
    path("campaigns/<int:pk>/screen/", CampaignScreen.as_view(), name="campaign_screen"),
    path("overview/<int:pk>/bulletins/", AreaBulletins.as_view(), name="area_bulletins"),
    path(
        "overview/<int:pk>/bulletins/<str:day>/<str:ending>/",
        AreaBulletinFile.as_view(),
        name="area_bulletin_file",
    ),
    path("campaigns/<int:pk>/dashboard/", DashboardPage.as_view(), name="dashboard"),
    path("campaigns/<int:pk>/grid/", CampaignGrid.as_view(), name="campaign_grid"),
    path(
        "campaigns/<int:pk>/townships/<int:township_pk>/grid/",
        TownshipGrid.as_view(),
        name="township_grid",
    ),
    path("campaigns/<int:pk>/villages/", VillageList.as_view(), name="village_list"),
    path("campaigns/<int:pk>/elected/", ElectedList.as_view(), name="elected_list"),
    path("campaigns/<int:pk>/overrides/", OverrideList.as_view(), name="override_list"),
    path("campaigns/<int:pk>/women/", WomenGates.as_view(), name="women_gates"),
    path("campaigns/<int:pk>/funnel/", PeopleFunnel.as_view(), name="people_funnel"),
    path("campaigns/<int:pk>/pace/", PacePage.as_view(), name="pace"),
    path("campaigns/<int:pk>/teams/", TeamsPage.as_view(), name="teams"),
    path("campaigns/<int:pk>/teams/targets/", TeamTargets.as_view(), name="team_targets"),
    path("elections/<int:pk>/", ElectionDetail.as_view(), name="election_detail"),
    path("campaigns/<int:pk>/daily/", DailyList.as_view(), name="daily_list"),
    path(
        "campaigns/<int:pk>/townships/<int:township_pk>/daily/",
        DailyReportPage.as_view(),
        name="daily_today",
    ),
    path(
        "campaigns/<int:pk>/townships/<int:township_pk>/daily/<str:day>/",
        DailyReportPage.as_view(),
        name="daily_report",
    ),
    path("campaigns/<int:pk>/checkup/", CheckupPage.as_view(), name="checkup"),
    path("campaigns/<int:pk>/bulletins/", BulletinList.as_view(), name="bulletin_list"),
    path(
        "campaigns/<int:pk>/bulletins/<int:issue>/",
        BulletinDetail.as_view(),
        name="bulletin_detail",
    ),
    path(
        "campaigns/<int:pk>/bulletins/<int:issue>/versions/<int:version>/",
        BulletinVersion.as_view(),
        name="bulletin_version",
    ),
    path(
        "campaigns/<int:pk>/bulletins/<int:issue>/versions/<int:version>/<str:ending>/",
        BulletinFile.as_view(),
        name="bulletin_file",
    ),
    path("campaigns/<int:pk>/closing-report/", ClosingPage.as_view(), name="closing_report"),
    path("campaigns/<int:pk>/closing-report/texts/", ClosingTexts.as_view(), name="closing_texts"),
    path("closing-reports/<int:pk>/", ClosingFile.as_view(), name="closing_report_file"),
    path("closing-reports/<int:pk>/annex/", ClosingAnnex.as_view(), name="closing_report_annex"),
    path("campaigns/<int:pk>/jobs/", JobList.as_view(), name="job_list"),
    path("jobs/<uuid:pk>/", JobDetail.as_view(), name="job_detail"),
    path("campaigns/<int:pk>/indicators/", IndicatorList.as_view(), name="indicator_list"),
    path(
        "campaigns/<int:pk>/indicators/<str:key>/",
        IndicatorRows.as_view(),
        name="indicator_rows",
    ),
    path("campaigns/<int:pk>/imports/", ImportList.as_view(), name="import_list"),
    path(
        "campaigns/<int:pk>/imports/template/<str:kind>/",
        ImportTemplate.as_view(),
        name="import_template",
    ),
    path("imports/<uuid:pk>/", ImportDetail.as_view(), name="import_detail"),
    path("imports/<uuid:pk>/errors/", ImportPainted.as_view(), name="import_painted"),
    path("campaigns/<int:pk>/exports/<str:what>/", ExportStart.as_view(), name="export_start"),
    path("exports/<uuid:pk>/", ExportDetail.as_view(), name="export_detail"),
    path("exports/<uuid:pk>/file/", ExportFile.as_view(), name="export_file"),
]
