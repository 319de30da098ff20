"""程序体检: every rule asked once more of what is stored, over many villages in a fixed number of queries.

The services refuse what breaks a rule; this finds what came about otherwise: a row changed by hand, a rule that was
made stricter, a defect.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.problems import Problem
from candidates.enums import OUT, CandidacyStatus, ElectedPostKind, InspectionResult, ReviewResult
from candidates.models import Candidacy, ElectedPost
from candidates.selectors import (
    BALLOT_MEETING,
    RECOMMENDATION_MEETING,
    CountedRound,
    counted_rounds_of,
)
from candidates.selectors import women as count_women
from elections import rules
from elections.enums import SETTLED, BallotPost, MeetingKind, NoticeKind, Stage, StageStatus
from elections.holidays import CALENDAR
from elections.models import (
    Evidence,
    ExceptionRequest,
    Meeting,
    Notice,
    RepresentativeList,
    Roll,
    StageOverride,
    StageRecord,
    VillageElection,
)
from elections.roll_digest import digest, list_digest
from elections.stages import STAGES


@dataclass
class Dossier:
    """What is stored about one village's election, as far as a rule asks for it."""

    election: VillageElection
    records: dict[Stage, StageRecord] = field(default_factory=dict)
    files: set[tuple[str, str]] = field(default_factory=set)
    meetings: dict[MeetingKind, Meeting] = field(default_factory=dict)
    rounds: dict[MeetingKind, dict[str, list[CountedRound]]] = field(default_factory=dict)
    posts: list[ElectedPost] = field(default_factory=list)
    rolls: list[Roll] = field(default_factory=list)
    lists: list[RepresentativeList] = field(default_factory=list)
    notice: Notice | None = None
    people: dict[int, Candidacy] = field(default_factory=dict)
    exceptions: set[tuple[str, str]] = field(default_factory=set)
    overrides: list[StageOverride] = field(default_factory=list)

    def override_of(self, stage: Stage, problem: Problem) -> StageOverride | None:
        """The order by which the county let the stage's current attempt go on in spite of this problem."""
        attempt = self.records[stage].attempt if stage in self.records else None
        return next(
            (
                o
                for o in self.overrides
                if (o.stage, o.attempt) == (stage, attempt) and problem.code in o.codes
            ),
            None,
        )

    def is_done(self, stage: Stage) -> bool:
        return stage in self.records and self.records[stage].status == StageStatus.DONE


#: A stage at which the rule is broken, and the problem.
Found = Iterator[tuple[Stage, Problem]]


def _order(d: Dossier) -> Found:
    for stage, spec in STAGES.items():
        if not d.is_done(stage):
            continue
        for before in spec.follows:
            earlier = d.records[before]
            if earlier.status not in SETTLED:
                words = f"“{stage.label}”已办结，但它前面的“{before.label}”没有办结。"
                yield stage, Problem("order", words, rules.MANUAL)
            elif earlier.actual_on and d.records[stage].actual_on < earlier.actual_on:
                words = f"“{stage.label}”的办理日期早于它前面的“{before.label}”。"
                yield stage, Problem("dates", words, rules.MANUAL)


def _evidence(d: Dossier) -> Found:
    for stage, spec in STAGES.items():
        for need in spec.evidence if d.is_done(stage) else ():
            if (stage.value, need.code) not in d.files:
                words = f"已办结，但没有佐证材料“{need.label}”。"
                yield stage, Problem(f"evidence_{need.code}", words, rules.MANUAL)


def _rolls(d: Dossier) -> Found:
    """Every version of the roll, those that no longer hold too."""
    for roll in d.rolls:
        if digest(roll, roll.entries.all()) != roll.sha256:
            words = (
                f"应到会人员名册第{roll.version}版与核定时的校验码不符，核定后被改动过："
                "请对照纸质名册查明，由县级退回本环节重新核定。"
            )
            yield Stage.ROSTER, Problem("roll_digest", words, rules.MANUAL)


def _lists(d: Dossier) -> Found:
    """Every version of the list of representatives, likewise."""
    for published in d.lists:
        if list_digest(published, published.entries.all()) != published.sha256:
            words = (
                f"村民代表名单第{published.version}版与核定时的校验码不符，核定后被改动过："
                "请对照公布的名单查明，由县级退回本环节重新核定。"
            )
            yield Stage.ROSTER, Problem("list_digest", words, rules.MANUAL)


def _recommendation(d: Dossier) -> Found:
    rule_set = d.election.rule_set
    for stage, kind in RECOMMENDATION_MEETING.items():
        if meeting := d.meetings.get(kind):
            for problem in rules.recommendation_problems(
                due=meeting.due,
                present=meeting.present,
                numerator=rule_set.recommendation_numerator,
                denominator=rule_set.recommendation_denominator,
                body=stage.label,
            ):
                yield stage, problem


def _quorum(d: Dossier) -> Found:
    for stage, kind in BALLOT_MEETING.items():
        if meeting := d.meetings.get(kind):
            rounds = [r for found in d.rounds.get(kind, {}).values() for r in found]
            for present in {meeting.present, *(r.row.present for r in rounds)}:
                for problem in rules.quorum_problems(
                    due=meeting.due, present=present, strict=d.election.rule_set.quorum_strict
                ):
                    yield stage, problem


def _each_round(d: Dossier) -> Iterator[tuple[Stage, str, CountedRound]]:
    for stage, kind in BALLOT_MEETING.items():
        for post, rounds in d.rounds.get(kind, {}).items():
            for counted in rounds:
                yield stage, post, counted


def _arithmetic(d: Dossier) -> Found:
    for stage, _, counted in _each_round(d):
        for problem in rules.round_problems(counted.ballot):
            yield stage, problem


def _certified(d: Dossier) -> Found:
    for stage, post, counted in _each_round(d):
        if d.is_done(stage) and counted.row.certified_at is None:
            words = f"{BallotPost(post).label}第{counted.row.number}轮计票没有第二人核对。"
            yield stage, Problem("certified", words, rules.MANUAL)


def _tellers(d: Dossier) -> Found:
    for stage, _, counted in _each_round(d):
        tellers = d.meetings[BALLOT_MEETING[stage]].tellers.all()
        for problem in rules.teller_problems(
            tellers={member.pk: member.name for member in tellers},
            candidates=[person.member_id for person in counted.listed.values()],
        ):
            yield stage, problem


def _surplus(d: Dossier) -> Found:
    for stage, post, counted in _each_round(d):
        if post == BallotPost.COMMITTEE and counted.row.number == 1:
            for problem in rules.surplus_problems(
                seats=counted.row.seats,
                candidates=len(counted.listed),
                surplus_percent=d.election.rule_set.surplus_percent,
            ):
                yield stage, problem


_POST_OF = {
    BallotPost.COMMITTEE: ElectedPostKind.MEMBER,
    BallotPost.SECRETARY: ElectedPostKind.SECRETARY,
    BallotPost.DEPUTY: ElectedPostKind.DEPUTY,
}


def _winners(d: Dossier) -> Found:
    for stage, kind in BALLOT_MEETING.items():
        for post, rounds in d.rounds.get(kind, {}).items():
            people = {pk: person for r in rounds for pk, person in r.people.items()}
            won = {people[pk].member_id for pk in rules.outcome([r.ballot for r in rounds]).elected}
            stored = {p.member_id for p in d.posts if p.post == _POST_OF[BallotPost(post)]}
            if won != stored:
                words = f"{BallotPost(post).label}当选人与计票结果不一致：按票应{len(won)}人，登记{len(stored)}人。"
                yield stage, Problem("winners", words, rules.ELECTION_REGULATION)


def _notice(d: Dossier) -> Found:
    if d.notice is None:
        return
    for problem in rules.notice_problems(
        starts_on=d.notice.starts_on,
        ends_on=d.notice.ends_on,
        minimum=d.election.rule_set.notice_working_days,
        calendar=CALENDAR,
    ):
        yield Stage.NOTICE, problem
    if meeting := d.meetings.get(MeetingKind.COMMITTEE_BALLOT):
        for problem in rules.ballot_day_problems(
            held_on=meeting.held_on, notice_ends_on=d.notice.ends_on
        ):
            yield Stage.COMMITTEE_BALLOT, problem


def _qualified(d: Dossier) -> Found:
    """Everybody voted on was reviewed at both levels, inspected, pledged and talked to."""
    voted = {pk for _, _, counted in _each_round(d) for pk in counted.listed}
    for pk in sorted(voted):
        person = d.people[pk]
        if (
            person.status == CandidacyStatus.WRITTEN_IN
        ):  # tied or elected without having been on the first ballot
            continue
        reviews = [r.result for r in person.reviews.all() if r.is_in_force]
        inspection = getattr(person, "inspection", None)
        missing = []
        if reviews.count(ReviewResult.PASSED) < 2:
            missing.append("两级审查合格")
        if inspection is None or inspection.result != InspectionResult.PASSED:
            missing.append("组织考察同意")
        if not person.pledged_on:
            missing.append("纪律承诺书")
        if not person.talked_on:
            missing.append("集体谈话")
        if missing or person.status in OUT:
            words = f"{person.member.name}列为候选人，但没有{'、'.join(missing) or '有效的预备人选资格'}。"
            yield Stage.COMMITTEE_BALLOT, Problem("qualified", words, rules.MANUAL)


def _women(d: Dossier) -> Found:
    if not d.is_done(Stage.NOMINATION) or (Stage.NOMINATION.value, "women") in d.exceptions:
        return
    prepared = [p for p in d.people.values() if p.status == CandidacyStatus.PREPARED]
    for problem in rules.women_problems(
        women=count_women(prepared),
        minimum=d.election.rule_set.women_minimum_prepared,
        gate="候选人预备人选",
    ):
        yield Stage.NOMINATION, problem


#: What is checked, in the words of the page, in the procedure's order.
CHECKS: dict[str, Callable[[Dossier], Found]] = {
    "环节不倒置、日期不倒置": _order,
    "佐证材料齐全": _evidence,
    "应到会名册与核定时一致": _rolls,
    "村民代表名单与核定时一致": _lists,
    "推荐会到会比例": _recommendation,
    "候选人经审查、考察、承诺、谈话": _qualified,
    "预备人选女性名额": _women,
    "公示天数和公示期满后选举": _notice,
    "选举到会法定人数": _quorum,
    "委员候选人差额": _surplus,
    "监票人、计票人不是候选人": _tellers,
    "选票和得票数目相符": _arithmetic,
    "计票由另一人核对": _certified,
    "当选人与计票结果一致": _winners,
}


@dataclass(frozen=True)
class Finding:
    """One rule not kept in one village; with an override, the county allowed it."""

    check: str
    election: VillageElection
    stage: Stage
    problem: Problem
    override: StageOverride | None = None


def checkup(elections: QuerySet[VillageElection]) -> list[Finding]:
    """Every rule over these elections, in the order of CHECKS and villages (a dozen queries)."""
    dossiers = _load(elections)
    return [
        Finding(check, dossier.election, stage, problem, dossier.override_of(stage, problem))
        for check, find in CHECKS.items()
        for dossier in dossiers
        for stage, problem in find(dossier)
    ]


def _load(elections: QuerySet[VillageElection]) -> list[Dossier]:
    rows = elections.select_related("village", "township", "rule_set").order_by("village__code")
    dossiers = {election.pk: Dossier(election) for election in rows}
    mine = {"election__in": list(dossiers)}
    for record in StageRecord.objects.filter(**mine, is_current=True):
        dossiers[record.election_id].records[Stage(record.stage)] = record
    files = Evidence.objects.filter(**mine, replaced_at__isnull=True)
    for pk, stage, requirement in files.values_list("election_id", "stage", "requirement"):
        dossiers[pk].files.add((stage, requirement))
    meetings = {m.pk: m for m in Meeting.objects.filter(**mine).prefetch_related("tellers")}
    for meeting in meetings.values():
        dossiers[meeting.election_id].meetings[MeetingKind(meeting.kind)] = meeting
    for roll in Roll.objects.filter(**mine).prefetch_related("entries").order_by("version"):
        dossiers[roll.election_id].rolls.append(roll)
    lists = RepresentativeList.objects.filter(**mine).prefetch_related("entries")
    for published in lists.order_by("version"):
        dossiers[published.election_id].lists.append(published)
    ballots = [pk for pk, m in meetings.items() if m.kind in BALLOT_MEETING.values()]
    for pk, rounds in counted_rounds_of(ballots).items():
        meeting = meetings[pk]
        dossiers[meeting.election_id].rounds[MeetingKind(meeting.kind)] = rounds
    for post in ElectedPost.objects.filter(**mine):
        dossiers[post.election_id].posts.append(post)
    for notice in Notice.objects.filter(**mine, kind=NoticeKind.CANDIDATES):
        dossiers[notice.election_id].notice = notice
    people = Candidacy.objects.filter(**mine).select_related("member", "inspection")
    for person in people.prefetch_related("reviews"):
        dossiers[person.election_id].people[person.pk] = person
    lifted = ExceptionRequest.objects.filter(**mine, approved=True)
    for pk, stage, code in lifted.values_list("election_id", "stage", "code"):
        dossiers[pk].exceptions.add((stage, code))
    for override in StageOverride.objects.in_force().filter(**mine):
        dossiers[override.election_id].overrides.append(override)
    return list(dossiers.values())
