from django.urls import path

from .views import (
    ballots,
    comparison,
    corrections,
    history,
    inspection,
    joint_review,
    negative,
    nomination,
    people,
    person,
    recommendation,
    relations,
    replacement,
    reserve,
    review,
    tally,
)

stage = "elections/<int:pk>"

urlpatterns = [
    path(
        "members/<int:pk>/candidacies/",
        history.MemberCandidacies.as_view(),
        name="member_candidacies",
    ),
    path(
        f"{stage}/member_recommendation/",
        recommendation.MemberRecommendation.as_view(),
        name="stage_member_recommendation",
    ),
    path(
        f"{stage}/villager_recommendation/",
        recommendation.VillagerRecommendation.as_view(),
        name="stage_villager_recommendation",
    ),
    path(f"{stage}/preliminary/", recommendation.Preliminary.as_view(), name="stage_preliminary"),
    path(f"{stage}/review/", review.ReviewPage.as_view(), name="stage_review"),
    path(f"{stage}/inspection/", inspection.InspectionPage.as_view(), name="stage_inspection"),
    path(f"{stage}/nomination/", nomination.NominationPage.as_view(), name="stage_nomination"),
    path(
        f"{stage}/committee_ballot/",
        ballots.CommitteeBallot.as_view(),
        name="stage_committee_ballot",
    ),
    path(
        f"{stage}/secretary_ballot/",
        ballots.SecretaryBallot.as_view(),
        name="stage_secretary_ballot",
    ),
    path(f"{stage}/tally/<str:ballot>/", tally.TallyBoard.as_view(), name="tally_board"),
    path(f"{stage}/tally/<str:ballot>/screen/", tally.TallyScreen.as_view(), name="tally_screen"),
    path("tally/<int:pk>/marks/", tally.TallyMarks.as_view(), name="tally_marks"),
    path("rounds/<int:pk>/correct/", corrections.CorrectionCreate.as_view(), name="ballot_correct"),
    path("corrections/<int:pk>/", corrections.CorrectionDetail.as_view(), name="ballot_correction"),
    path("campaigns/<int:pk>/people/", people.PeopleList.as_view(), name="people_list"),
    path(f"{stage}/relations/", relations.RelationList.as_view(), name="relation_list"),
    path(f"{stage}/replacement/", replacement.ReplacementPage.as_view(), name="replacement"),
    path(
        f"{stage}/secretary-comparison/",
        comparison.SecretaryComparison.as_view(),
        name="secretary_comparison",
    ),
    path("campaigns/<int:pk>/reserve/", reserve.ReserveList.as_view(), name="reserve_list"),
    path("reserve/<int:pk>/", reserve.ReserveDetail.as_view(), name="reserve_detail"),
    path("villages/<int:pk>/reserve/new/", reserve.ReserveCreate.as_view(), name="reserve_create"),
    path("candidacies/<int:pk>/", person.CandidacyDetail.as_view(), name="candidacy_detail"),
    path("campaigns/<int:pk>/negative/", negative.NegativeList.as_view(), name="negative_list"),
    path("negative/<int:pk>/", negative.NegativeRuleEdit.as_view(), name="negative_rule"),
    path(
        "campaigns/<int:pk>/departments/",
        joint_review.VettingDepartments.as_view(),
        name="vetting_departments",
    ),
    path(
        "campaigns/<int:pk>/reviews/", joint_review.ReviewBatches.as_view(), name="review_batches"
    ),
    path("reviews/<int:pk>/", joint_review.ReviewBatchPage.as_view(), name="review_batch"),
    path("reviews/tasks/<int:pk>/", joint_review.ReviewTaskPage.as_view(), name="review_task"),
    path(
        "reviews/tasks/<int:pk>/workbook/",
        joint_review.ReviewTaskWorkbook.as_view(),
        name="review_task_workbook",
    ),
    path("reviews/files/<int:pk>/", joint_review.OpinionFile.as_view(), name="opinion_file"),
    path("candidacies/<int:pk>/facts/", negative.CandidacyFacts.as_view(), name="candidacy_facts"),
]
