"""村档案: one village's election from every side. One function per tab, each a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from candidates.models import Candidacy, ElectedPost
from elections.enums import SETTLED, MeetingKind, Phase, StageStatus
from elections.models import (
    BallotRound,
    Campaign,
    Evidence,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    StageChange,
    StageRecord,
    VillageElection,
)
from elections.selectors import StageView, stage_views
from elections.stages import STAGES, StageSpec
from villages.enums import MemberStatus
from villages.models import PartyMember

from ..enums import STAGE_SHORT, CellState
from .progress import cell_state, grade_of


@dataclass(frozen=True)
class TimelineItem:
    """One stage on the village's page."""

    view: StageView
    state: CellState
    #: Why the attempt before this one was returned; empty if none was, or the stage is done again.
    returned_because: str

    @property
    def spec(self) -> StageSpec:
        return self.view.spec

    @property
    def short(self) -> str:
        return STAGE_SHORT[self.view.record.stage]

    @property
    def is_live(self) -> bool:
        return self.view.status in (StageStatus.OPEN, StageStatus.SUBMITTED)


@dataclass(frozen=True)
class PhaseGroup:
    label: str
    items: list[TimelineItem]


@dataclass(frozen=True)
class Heading:
    """The facts above the tabs."""

    members: dict[str, int]
    members_total: int
    members_words: str
    seats: str
    grade: object | None
    done_percent: int


def members_by_status(user, election: VillageElection, *, today: date) -> dict[str, int]:
    """Standing today → current members of the village (one query)."""
    return dict(
        PartyMember.objects.visible_to(user)
        .current()
        .filter(village=election.village_id)
        .with_standing(on=today)
        .order_by()
        .values_list("standing")
        .annotate(n=Count("pk"))
    )


def heading(user, election: VillageElection, *, today: date) -> Heading:
    """Counts and words of the page's head (one query)."""
    members = members_by_status(user, election, today=today)
    words = [f"{s.label}{members[s.value]}" for s in MemberStatus if members.get(s.value)]
    return Heading(
        members=members,
        members_total=sum(members.values()),
        members_words="、".join(words),
        seats=seats_in_words(election),
        grade=grade_of(election),
        done_percent=round(election.done_count * 100 / len(STAGES)),
    )


def seats_in_words(election: VillageElection) -> str:
    """委员5名（书记1、副书记1）; 不设委员会…; 待请示核定 before the petition."""
    if election.committee_seats is None:
        return "待请示核定"
    deputies = f"、副书记{election.deputy_seats}名" if election.deputy_seats else ""
    if not election.committee_seats:
        return f"不设委员会，书记1名{deputies}"
    return f"委员{election.committee_seats}名（含书记1名{deputies}）"


def timeline(election: VillageElection, *, at: datetime) -> list[PhaseGroup]:
    """The seventeen stages by phase."""
    today = timezone.localdate(at)
    reasons = dict(
        StageRecord.objects.filter(election=election, status=StageStatus.RETURNED)
        .order_by("attempt")
        .values_list("stage", "return_reason")
    )
    groups: list[PhaseGroup] = []
    for view in stage_views(election, at=at):
        record = view.record
        state = cell_state(
            record.status, attempt=record.attempt, planned_on=record.planned_on, today=today
        )
        phase = Phase(view.spec.phase).label
        if not groups or groups[-1].label != phase:
            groups.append(PhaseGroup(phase, []))
        settled = view.status in SETTLED
        because = "" if settled else reasons.get(record.stage, "")
        groups[-1].items.append(TimelineItem(view, state, because))
    return groups


def live_items(groups: list[PhaseGroup]) -> list[TimelineItem]:
    """The stages where work is open or waits for confirmation."""
    return [item for group in groups for item in group.items if item.is_live]


# --- tabs ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """One candidacy with the posts won."""

    candidacy: Candidacy | None
    member: PartyMember
    posts: tuple[str, ...]
    age: int


def people(user, election: VillageElection, *, today: date) -> list[Person]:
    """Everybody who stood or was elected, the elected first (two queries)."""
    posts: dict[int, list[str]] = {}
    members: dict[int, PartyMember] = {}
    won = ElectedPost.objects.visible_to(user).filter(election=election).select_related("member")
    for post in won:
        posts.setdefault(post.member_id, []).append(_post_label(post))
        members[post.member_id] = post.member
    standing = {
        candidacy.member_id: candidacy
        for candidacy in Candidacy.objects.visible_to(user)
        .filter(election=election)
        .select_related("member")
        .order_by("rank", "pk")
    }
    members |= {pk: candidacy.member for pk, candidacy in standing.items()}
    ordered = sorted(
        members, key=lambda pk: (pk not in posts, standing[pk].rank if pk in standing else 0, pk)
    )
    return [
        Person(
            candidacy=standing.get(pk),
            member=members[pk],
            posts=tuple(posts.get(pk, ())),
            age=age_on(members[pk].born_on, today),
        )
        for pk in ordered
    ]


def elected_rows(user, campaign: Campaign) -> QuerySet:
    """One row per person elected in the campaign that the user sees, in the order of the codes."""
    earlier = ElectedPost.objects.filter(
        election=OuterRef("election"), member=OuterRef("member"), pk__lt=OuterRef("pk")
    )
    return (
        ElectedPost.objects.visible_to(user)
        .filter(~Exists(earlier), election__campaign=campaign)
        .select_related("member", "election__village", "election__township")
        .order_by("election__village__code", "pk")
    )


@dataclass(frozen=True)
class Elected:
    """One person elected, with all posts won in the village."""

    row: ElectedPost
    posts: str
    age: int


def elected_people(rows: list[ElectedPost], *, today: date) -> list[Elected]:
    """The rows of one page as they are shown (one query)."""
    won: dict[tuple[int, int], list[str]] = {}
    posts = ElectedPost.objects.filter(
        election__in={r.election_id for r in rows}, member__in={r.member_id for r in rows}
    )
    for post in posts.order_by("pk"):
        won.setdefault((post.election_id, post.member_id), []).append(_post_label(post))
    return [
        Elected(
            row=row,
            posts="、".join(won[row.election_id, row.member_id]),
            age=age_on(row.member.born_on, today),
        )
        for row in rows
    ]


def _post_label(post: ElectedPost) -> str:
    return f"{post.get_post_display()}（{'连任' if post.reelected else '新当选'}）"


def age_on(born_on: date, today: date) -> int:
    """Full years on a day."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def meetings(user, election: VillageElection) -> list[Meeting]:
    """The meetings by date, each with `rounds_in_order` (two queries)."""
    rounds = BallotRound.objects.order_by("post", "number")
    rows = (
        Meeting.objects.visible_to(user)
        .filter(election=election)
        .prefetch_related(Prefetch("rounds", rounds, to_attr="rounds_in_order"))
    )
    order = {kind.value: n for n, kind in enumerate(MeetingKind)}
    return sorted(rows, key=lambda meeting: (meeting.held_on, order[meeting.kind]))


def roll_of(user, election: VillageElection) -> Roll | None:
    return Roll.objects.visible_to(user).current().filter(election=election).first()


@dataclass(frozen=True)
class RequirementLine:
    label: str
    files: list[Evidence]


@dataclass(frozen=True)
class StageEvidence:
    """What a stage asks for, and the files given."""

    spec: StageSpec
    is_settled: bool
    lines: list[RequirementLine]


def materials(user, election: VillageElection) -> list[StageEvidence]:
    """The files in force by stage and requirement (two queries)."""
    files: dict[tuple[str, str], list[Evidence]] = {}
    for file in (
        Evidence.objects.visible_to(user)
        .filter(election=election, replaced_at__isnull=True)
        .select_related("uploaded_by")
        .order_by("uploaded_at")
    ):
        files.setdefault((file.stage, file.requirement), []).append(file)
    settled = set(
        StageRecord.objects.visible_to(user)
        .filter(election=election, is_current=True, status__in=SETTLED)
        .values_list("stage", flat=True)
    )
    return [
        StageEvidence(
            spec=spec,
            is_settled=code.value in settled,
            lines=[
                RequirementLine(need.label, files.get((code.value, need.code), []))
                for need in spec.evidence
            ],
        )
        for code, spec in STAGES.items()
    ]


@dataclass(frozen=True)
class Papers:
    documents: list[OfficialDocument]
    notices: list[Notice]


def papers(user, election: VillageElection) -> Papers:
    """Requests, replies, filings and public notices (two queries)."""
    return Papers(
        documents=list(
            OfficialDocument.objects.visible_to(user)
            .filter(election=election)
            .order_by("issued_on", "pk")
        ),
        notices=list(
            Notice.objects.visible_to(user).filter(election=election).order_by("starts_on", "pk")
        ),
    )


def history(user, election: VillageElection) -> list[StageChange]:
    """Every change of a stage's state, the newest first (one query)."""
    seen = VillageElection.objects.visible_to(user).filter(pk=election.pk)
    return list(
        StageChange.objects.filter(record__election__in=seen)
        .select_related("record")
        .order_by("-at", "-pk")
    )


# --- search ----------------------------------------------------------------------------------------

SEARCH_LIMIT = 20


@dataclass(frozen=True)
class Found:
    """What a name leads to; one more than shown tells that there are more."""

    elections: list[VillageElection]
    members: list[PartyMember]
    more_elections: bool
    more_members: bool


def search(user, campaign: Campaign | None, name: str) -> Found:
    """Villages of the campaign and current members whose name contains `name` (two queries)."""
    elections = list(
        VillageElection.objects.visible_to(user)
        .filter(Q(village__name__icontains=name) | Q(township__name__icontains=name))
        .filter(campaign=campaign)
        .select_related("village", "township")
        .order_by("township__code", "village__code")[: SEARCH_LIMIT + 1]
    )
    members = list(
        PartyMember.objects.visible_to(user)
        .current()
        .filter(name__icontains=name)
        .select_related("village__township")
        .order_by("village__code", "name", "pk")[: SEARCH_LIMIT + 1]
    )
    return Found(
        elections=elections[:SEARCH_LIMIT],
        members=members[:SEARCH_LIMIT],
        more_elections=len(elections) > SEARCH_LIMIT,
        more_members=len(members) > SEARCH_LIMIT,
    )
