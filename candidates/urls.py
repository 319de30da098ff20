from django.urls import path

from .views import ballots, corrections, nomination, people, recommendation, review, tally

stage = "elections/<int:pk>"

urlpatterns = [
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
    path(f"{stage}/inspection/", review.InspectionPage.as_view(), name="stage_inspection"),
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
    path("candidacies/<int:pk>/", people.CandidacyDetail.as_view(), name="candidacy_detail"),
]
