"""The records behind the figures, as of the end of a day. Everything starts from the scope's elections."""

from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from candidates.enums import (
    IN_FORCE,
    NEVER_NOMINATED,
    CandidacyStatus,
    ElectedPostKind,
    ReviewResult,
)
from candidates.models import (
    Candidacy,
    ElectedPost,
    Inspection,
    NegativeRule,
    Review,
    SeatReduction,
)
from elections.enums import MeetingKind, Stage, StageStatus
from elections.models import (
    BallotRound,
    ExceptionRequest,
    Meeting,
    StageOverride,
    StageRecord,
    VillageElection,
)
from groundwork.enums import DisputeStatus, Grade
from groundwork.models import DepartureAudit, Dispute, RiskGrade, SurveyItem
from groundwork.rules import SURVEY_ITEMS
from villages.enums import Post, Sex, VillageKind
from villages.models import Jurisdiction, PostHeld

from ..models import DailyReport
from . import structure
from .base import Scope


def elections(scope: Scope) -> QuerySet:
    return VillageElection.objects.filter(pk__in=scope.ids)


def villages(scope: Scope) -> QuerySet:
    return elections(scope).filter(village__kind=VillageKind.VILLAGE)


def communities(scope: Scope) -> QuerySet:
    return elections(scope).filter(village__kind=VillageKind.COMMUNITY)


def townships(scope: Scope) -> QuerySet:
    return Jurisdiction.objects.filter(pk__in=scope.township_ids)


def completed(scope: Scope) -> QuerySet:
    return elections(scope).filter(completed_on__lte=scope.as_of)


def at_stage(scope: Scope, stage: Stage) -> QuerySet:
    """Elections that had done `stage` by the day."""
    done = StageRecord.objects.filter(
        election=OuterRef("pk"),
        stage=stage,
        is_current=True,
        status=StageStatus.DONE,
        actual_on__lte=scope.as_of,
    )
    return elections(scope).filter(Exists(done))


def decided(scope: Scope) -> QuerySet:
    return at_stage(scope, Stage.COMMITTEE_BALLOT)


def first_ballot(scope: Scope) -> QuerySet:
    """Decided by the first round of the members' meeting: no later round, for any post, and no seat given up."""
    later = BallotRound.objects.filter(
        meeting__election=OuterRef("pk"),
        meeting__kind=MeetingKind.COMMITTEE_BALLOT,
        number__gt=1,
    )
    given_up = SeatReduction.objects.filter(meeting__election=OuterRef("pk"))
    return decided(scope).exclude(Exists(later)).exclude(Exists(given_up))


def stages_done(scope: Scope) -> QuerySet:
    return StageRecord.objects.filter(
        election__in=scope.ids,
        is_current=True,
        status=StageStatus.DONE,
        actual_on__lte=scope.as_of,
    )


# --- people elected --------------------------------------------------------------------------------


def members(scope: Scope) -> QuerySet:
    """One row per person elected: the committee seat, or the post itself where there is no committee."""
    return ElectedPost.objects.filter(election__in=scope.ids, elected_on__lte=scope.as_of).filter(
        Q(post=ElectedPostKind.MEMBER) | Q(election__committee_seats=0)
    )


def women(rows):
    """The women among the people of `rows`."""
    return lambda scope: rows(scope).filter(structure.is_woman())


def newly(rows):
    return lambda scope: rows(scope).filter(reelected=False)


def again(rows):
    return lambda scope: rows(scope).filter(reelected=True)


def secretaries(scope: Scope) -> QuerySet:
    return ElectedPost.objects.filter(
        election__in=scope.ids, elected_on__lte=scope.as_of, post=ElectedPostKind.SECRETARY
    )


def secretaries_from(origin: str):
    """Secretaries who carry the origin, as the main one or a further one: each counts once under every origin carried."""
    return lambda scope: secretaries(scope).filter(structure.comes_from(origin))


def decided_teams(scope: Scope) -> QuerySet:
    """Everybody elected, by village: which villages have a new team."""
    return ElectedPost.objects.filter(election__in=scope.ids, elected_on__lte=scope.as_of)


def dual_post(scope: Scope) -> QuerySet:
    """一肩挑: secretaries who head the village committee."""
    return secretaries(scope).filter(structure.heads_committee())


def cross_post(scope: Scope) -> QuerySet:
    """交叉任职: people of the new team who also sit on the village committee, as its head or a member; each once."""
    return members(scope).filter(structure.sits_on_committee())


def age(row: ElectedPost, as_of: date) -> int:
    """Whole years of age on the day."""
    born = row.member.born_on
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def members_with_person(scope: Scope) -> QuerySet:
    return members(scope).select_related("member")


def aged(band: str):
    """People elected whose age on the day lies in the band."""
    return lambda scope: members(scope).filter(structure.is_aged(band, scope.as_of))


def educated(level: str):
    return lambda scope: members(scope).filter(structure.is_educated([level]))


def college_up(scope: Scope) -> QuerySet:
    return members(scope).filter(structure.is_educated(structure.COLLEGE_UP))


def women_directors(scope: Scope) -> QuerySet:
    return members(scope).filter(member__is_women_director=True)


# --- ground work ------------------------------------------------------------------------------------


def surveys_clear(scope: Scope) -> QuerySet:
    clear = (
        SurveyItem.objects.filter(is_clear=True, election__in=scope.ids)
        .values("election")
        .annotate(n=Count("pk"))
        .filter(n=SURVEY_ITEMS)
    )
    return at_stage(scope, Stage.SURVEY).filter(pk__in=clear.values("election"))


def surveys_incomplete(scope: Scope) -> QuerySet:
    return elections(scope).exclude(pk__in=surveys_clear(scope).values("pk"))


def red(scope: Scope) -> QuerySet:
    return RiskGrade.objects.filter(
        election__in=scope.ids, grade=Grade.RED, graded_on__lte=scope.as_of
    )


def red_cleared(scope: Scope) -> QuerySet:
    return red(scope).filter(cleared_on__lte=scope.as_of)


def disputes(scope: Scope) -> QuerySet:
    return Dispute.objects.live().filter(election__in=scope.ids, found_on__lte=scope.as_of)


def disputes_resolved(scope: Scope) -> QuerySet:
    closed = (DisputeStatus.SETTLED, DisputeStatus.STABLE)
    return disputes(scope).filter(status__in=closed, closed_on__lte=scope.as_of)


def audits(scope: Scope) -> QuerySet:
    return DepartureAudit.objects.live().filter(
        election__in=scope.ids, published_on__lte=scope.as_of
    )


def audits_due(scope: Scope) -> QuerySet:
    """Those who held the secretary's post when the campaign began: the people to be audited."""
    began = scope.campaign.starts_on
    return PostHeld.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=began),
        member__village__in=elections(scope).values("village"),
        post=Post.SECRETARY,
        started_on__lte=began,
    )


def village_trainings(scope: Scope) -> QuerySet:
    return Meeting.objects.filter(
        election__in=scope.ids, kind=MeetingKind.TRAINING, held_on__lte=scope.as_of
    )


def mobilisations(scope: Scope) -> QuerySet:
    return Meeting.objects.filter(
        election__in=scope.ids, kind=MeetingKind.MOBILISATION, held_on__lte=scope.as_of
    )


# --- daily reports ----------------------------------------------------------------------------------


def reports_due(scope: Scope) -> list[dict]:
    """One entry per township and day from the campaign's first day to the day of the report."""
    names = dict(townships(scope).values_list("pk", "name"))
    last = min(scope.as_of, max(scope.campaign.ends_on, scope.as_of))
    days = (last - scope.campaign.starts_on).days + 1
    return [
        {"township": names[pk], "day": scope.campaign.starts_on + timedelta(days=n)}
        for n in range(max(0, days))
        for pk in scope.township_ids
    ]


def reports(scope: Scope) -> QuerySet:
    return DailyReport.objects.current().filter(
        campaign=scope.campaign, township__in=scope.township_ids, day__lte=scope.as_of
    )


def reports_on_time(scope: Scope) -> QuerySet:
    return reports(scope).filter(is_late=False)


# --- people standing --------------------------------------------------------------------------------


def nominees(scope: Scope) -> QuerySet:
    """Everybody who became a preliminary nominee, later rejected ones included; not those who declined or were only
    written in at the ballot."""
    past = at_stage(scope, Stage.PRELIMINARY)
    return Candidacy.objects.filter(election__in=past).exclude(status__in=NEVER_NOMINATED)


def prepared(scope: Scope) -> QuerySet:
    past = at_stage(scope, Stage.NOMINATION)
    return Candidacy.objects.filter(election__in=past, status=CandidacyStatus.PREPARED)


def formal(scope: Scope) -> QuerySet:
    past = at_stage(scope, Stage.NOTICE)
    return Candidacy.objects.filter(election__in=past, status=CandidacyStatus.PREPARED)


def rejected(scope: Scope) -> QuerySet:
    return Review.objects.filter(
        candidacy__election__in=scope.ids,
        result=ReviewResult.FAILED,
        countersign__in=IN_FORCE,
        decided_on__lte=scope.as_of,
    )


def negative_categories(scope: Scope) -> QuerySet:
    """The rules of the campaign's negative list that held at the end of the day."""
    return NegativeRule.objects.filter(
        campaign=scope.campaign, created_at__date__lte=scope.as_of
    ).exclude(retired_at__date__lte=scope.as_of)


def vetoed(scope: Scope) -> QuerySet:
    return Inspection.objects.filter(
        candidacy__election__in=scope.ids,
        candidacy__status=CandidacyStatus.VETOED,
        inspected_on__lte=scope.as_of,
    )


def talked(scope: Scope) -> QuerySet:
    return Candidacy.objects.filter(election__in=scope.ids, talked_on__lte=scope.as_of)


def pledged(scope: Scope) -> QuerySet:
    return Candidacy.objects.filter(election__in=scope.ids, pledged_on__lte=scope.as_of)


def without_pledge(scope: Scope) -> QuerySet:
    return prepared(scope).filter(Q(pledged_on__isnull=True) | Q(pledged_on__gt=scope.as_of))


def without_talk(scope: Scope) -> QuerySet:
    return prepared(scope).filter(Q(talked_on__isnull=True) | Q(talked_on__gt=scope.as_of))


def _short(past: QuerySet, minimum: str, **people) -> QuerySet:
    """Elections of `past` where fewer women than the rule set's `minimum` are among the counted people."""
    return past.annotate(
        women_there=Count(
            "candidacies",
            filter=Q(candidacies__member__sex=Sex.FEMALE, **people),
            distinct=True,
        )
    ).filter(women_there__lt=F(f"rule_set__{minimum}"))


def women_preliminary_short(scope: Scope) -> QuerySet:
    keep = [s for s in CandidacyStatus if s not in NEVER_NOMINATED]
    return _short(
        at_stage(scope, Stage.PRELIMINARY),
        "women_minimum",
        candidacies__status__in=keep,
        candidacies__is_replacement=False,
    )


def women_prepared_short(scope: Scope) -> QuerySet:
    return _short(
        at_stage(scope, Stage.NOMINATION),
        "women_minimum_prepared",
        candidacies__status=CandidacyStatus.PREPARED,
    )


def women_elected_short(scope: Scope) -> QuerySet:
    """Of the villages that elected a committee."""
    return (
        decided(scope)
        .filter(committee_seats__gt=0)
        .annotate(
            women_there=Count(
                "elected_posts__member",
                filter=Q(elected_posts__member__sex=Sex.FEMALE),
                distinct=True,
            )
        )
        .filter(women_there__lt=F("rule_set__women_minimum_elected"))
    )


def excepted(short, stage: Stage):
    """Those of `short` that passed with an approved exception."""

    def rows(scope: Scope) -> QuerySet:
        approved = ExceptionRequest.objects.filter(
            election=OuterRef("pk"), stage=stage, code="women", approved=True
        )
        return short(scope).filter(Exists(approved))

    return rows


def exceptions(scope: Scope) -> QuerySet:
    return ExceptionRequest.objects.filter(
        election__in=scope.ids, approved=True, decided_at__date__lte=scope.as_of
    )


def overrides(scope: Scope) -> QuerySet:
    """What the county let go on, and had not taken back by the day."""
    return StageOverride.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__gt=scope.as_of),
        election__in=scope.ids,
        at__date__lte=scope.as_of,
    )
