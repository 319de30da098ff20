from django.urls import path

from .views import batch, campaigns, evidence, facts, representatives, rolls, schedule

stage = "elections/<int:pk>"

urlpatterns = [
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaign_list"),
    path("campaigns/new/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view(), name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.CampaignEdit.as_view(), name="campaign_edit"),
    path(
        "campaigns/<int:pk>/schedule/",
        schedule.CampaignSchedule.as_view(),
        name="campaign_schedule",
    ),
    path(
        "campaigns/<int:pk>/plan/<int:township_pk>/",
        schedule.TownshipPlan.as_view(),
        name="township_plan",
    ),
    path("campaigns/<int:pk>/batch/<str:stage>/", batch.BatchEntry.as_view(), name="batch_entry"),
    path(f"{stage}/petition/", facts.Petition.as_view(), name="stage_petition"),
    path(f"{stage}/mobilisation/", facts.Mobilisation.as_view(), name="stage_mobilisation"),
    path(f"{stage}/roster/", rolls.Roster.as_view(), name="stage_roster"),
    path(
        f"{stage}/representatives/",
        representatives.RepresentativesPage.as_view(),
        name="election_representatives",
    ),
    path(f"{stage}/notice/", facts.NoticePage.as_view(), name="stage_notice"),
    path(f"{stage}/approval/", facts.Approval.as_view(), name="stage_approval"),
    path(f"{stage}/announcement/", facts.Announcement.as_view(), name="stage_announcement"),
    path(f"{stage}/handover/", facts.HandoverPage.as_view(), name="stage_handover"),
    path("evidence/<uuid:pk>/", evidence.EvidenceFile.as_view(), name="evidence_file"),
    path(
        "evidence/<uuid:pk>/thumbnail/",
        evidence.EvidenceThumbnail.as_view(),
        name="evidence_thumbnail",
    ),
]
