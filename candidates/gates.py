"""What the people standing must have before a stage may be closed. Each gate: f(election, *, at) -> list[Blocker]."""

from datetime import date, datetime

from django.utils import timezone

from accounts.enums import Role
from accounts.problems import Problem
from elections import rules
from elections.blockers import Blocker
from elections.enums import Lift, MeetingKind, NoticeKind, Stage
from elections.models import Meeting, Notice, VillageElection
from villages.enums import Sex
from villages.models import PartyMember

from . import selectors
from .enums import CandidacyStatus, ReviewLevel, ReviewResult, Source
from .models import Candidacy, ElectedPost, Inspection
from .rules import relative_problems


def _recommended(election: VillageElection, kind: MeetingKind) -> list[Blocker]:
    if Meeting.objects.filter(election=election, kind=kind).exists():
        return []
    return [Blocker("recommendation", f"未登记{kind.label}的到会和得票。", rules.MANUAL)]


def member_recommendation_recorded(election: VillageElection, *, at: datetime) -> list[Blocker]:
    return _recommended(election, MeetingKind.MEMBER_RECOMMENDATION)


def villager_recommendation_recorded(election: VillageElection, *, at: datetime) -> list[Blocker]:
    return _recommended(election, MeetingKind.VILLAGER_RECOMMENDATION)


def _women(people: list, gate: str, minimum: int) -> list[Blocker]:
    """The campaign's minimum of women; the county may lift it."""
    return [
        Blocker.of(problem, lift=Lift.EXCEPTION)
        for problem in rules.women_problems(
            women=selectors.women(people), minimum=minimum, gate=gate
        )
    ]


def women_elected(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """The third gate: says so and asks for an exception, never changes a result."""
    if not election.has_committee:
        return []
    won = ElectedPost.objects.filter(election=election, member__sex=Sex.FEMALE)
    return [
        Blocker.of(problem, lift=Lift.EXCEPTION)
        for problem in rules.women_problems(
            women=won.values("member").distinct().count(),
            minimum=election.rule_set.women_minimum_elected,
            gate="当选人员",
            remedy="选举结果不变，请申请例外并说明理由",
        )
    ]


def _enough(election: VillageElection, people: list, what: str) -> list[Blocker]:
    needed = selectors.candidates_needed(election)
    if len(people) >= needed:
        return []
    return [
        Blocker(
            "too_few",
            f"{what}{len(people)}名，少于应有的{needed}名（应选{election.ballot_seats}名加差额），"
            f"还缺{needed - len(people)}名：请“递补”下一名被推荐人。",
            rules.ELECTION_REGULATION,
        )
    ]


def preliminary_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    people = selectors.standing(selectors.candidacies(election))
    if not people:
        return [Blocker("preliminary", "未确定初步人选。", rules.MANUAL)]
    unvoted = [
        Blocker(
            f"no_votes_{p.member_id}",
            f"{p.member.name}由组织推荐，两次推荐都没有得票：须经县委组织部批准例外，或撤销提名后重新确定。",
            rules.MANUAL,
            lift=Lift.EXCEPTION,
        )
        for p in people
        if not p.member_votes + p.villager_votes and p.source == Source.ORGANISATION
    ]
    return unvoted + _women(people, "初步人选", election.rule_set.women_minimum)


def _relatives(election: VillageElection, people: list) -> list[Blocker]:
    """Near relatives do not stand for one team; the county may except a pair."""
    names = {p.member_id: p.member.name for p in people}
    return [
        Blocker.of(problem, lift=Lift.EXCEPTION, link="relation_list", anchor="relations")
        for problem in relative_problems(selectors.relations(election), names, what="预备人选")
    ]


def _unreviewed(election: VillageElection, people: list, at: datetime) -> list[Blocker]:
    """Everybody needs both reviews, and the county every required department's answer before its own: no answer is never
    taken as consent. A decision that needs a second person is none before."""
    waiting = [p for p in people if p.status == CandidacyStatus.PRELIMINARY]
    if not waiting:
        return []
    returned = selectors.returned_reviews(election)
    departments = selectors.departments(election.campaign_id)
    joint = selectors.joint_states([p.pk for p in waiting], departments)
    today = timezone.localdate(at)
    return [
        blocker
        for person in waiting
        for blocker in _awaited(person, joint[person.pk], returned.get(person.pk), today)
    ]


def _awaited(person, joint, back, today: date) -> list[Blocker]:
    """Who has still to say what about one person."""
    name = person.member.name
    found = {r.level: r for r in person.reviews.all()}
    first, second = found.get(ReviewLevel.TOWNSHIP), found.get(ReviewLevel.COUNTY)
    last = second or first
    if last and last.is_pending:
        words = f"{name}{last.get_level_display()}{_pending_words(last)}，待另一人复核。"
        return [_review_blocker(person, words, Role.ORG_STAFF)]
    if first is None:
        why = f"（县级退回：{back.return_reason}）" if back else ""
        return [_review_blocker(person, f"{name}未作乡镇初审{why}。", Role.COORDINATOR)]
    missing = joint.missing(today)
    if not missing:
        return [_review_blocker(person, f"{name}未作县级联审。", Role.ORG_STAFF)]
    return [
        _review_blocker(
            person,
            f"{name}：{words}。",
            Role.VETTING if "未答复" in words else Role.ORG_STAFF,
        )
        for words in missing
    ]


def _pending_words(review) -> str:
    return "不合格" if review.result == ReviewResult.FAILED else "合格（不采纳异议）"


def _review_blocker(person, message: str, who: Role) -> Blocker:
    return Blocker("review", message, rules.MANUAL, who=who, anchor=f"person-{person.pk}")


def review_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    people = selectors.standing(selectors.candidacies(election))
    return _unreviewed(election, people, at) or _enough(election, people, "审查合格的人选")


def inspection_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    people = selectors.standing(selectors.candidacies(election))
    waiting = [
        Blocker(
            "inspection", f"{p.member.name}未作组织考察。", rules.MANUAL, anchor=f"person-{p.pk}"
        )
        for p in people
        if p.status == CandidacyStatus.CLEARED
    ]
    waiting += [
        Blocker(
            "veto_pending",
            f"{p.member.name}的考察否决由{p.inspection.recorded_by.name}登记，须由另一人复核。",
            rules.MANUAL,
            who=Role.ORG_STAFF,
            anchor=f"person-{p.pk}",
        )
        for p in people
        if p.status == CandidacyStatus.VETO_PENDING
    ]
    return _unreviewed(election, people, at) + waiting or _enough(
        election, people, "考察通过的人选"
    )


def nomination_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    people = selectors.prepared(election)
    if not people:
        return [Blocker("nomination", "未确定候选人预备人选。", rules.MANUAL)]
    short = [Blocker.of(p) for p in selectors.surplus_problems(election, len(people))]
    minimum = election.rule_set.women_minimum_prepared
    return short + _relatives(election, people) + _women(people, "候选人预备人选", minimum)


def ballot_complete(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """After the notice enough people stand, everybody who came late was inspected before it began, and each pledged
    and was talked to."""
    people = selectors.prepared(election)
    waiting = [
        p
        for p in selectors.standing(selectors.candidacies(election))
        if p.status != CandidacyStatus.PREPARED
    ]
    problems = selectors.surplus_problems(election, len(people))
    problems += selectors.post_problems(election, [p.nominated_post for p in people])
    blockers = [Blocker.of(p, link="replacement") for p in problems]
    blockers += [
        Blocker(
            "replacement_open",
            f"{p.member.name}递补后还没有走完审查、考察和列为预备人选的程序。",
            rules.MANUAL,
            link="replacement",
        )
        for p in waiting
    ]
    return blockers + _notice_covers(election, people) + promised(election, at=at)


def _notice_covers(election: VillageElection, people: list) -> list[Blocker]:
    """Whoever came after the notice began has not been shown to the village."""
    notice = Notice.objects.filter(election=election, kind=NoticeKind.CANDIDATES).first()
    if notice is None:
        return []
    inspected = dict(
        Inspection.objects.filter(
            candidacy__in=[p.pk for p in people if p.is_replacement]
        ).values_list("candidacy_id", "inspected_on")
    )
    return [
        Blocker(
            "notice_replacement",
            f"{p.member.name}在公示开始后递补，公示中没有此人：请重新公示，开始日期不早于"
            f"{inspected[p.pk]:%Y-%m-%d}。",
            rules.MANUAL,
        )
        for p in people
        if p.pk in inspected and inspected[p.pk] > notice.starts_on
    ]


def promised(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """Nobody stands for election without a pledge and a talk."""
    blockers = []
    for person in selectors.prepared(election):
        missing = [
            word
            for word, day in (
                ("签订纪律承诺书", person.pledged_on),
                ("参加集体谈话", person.talked_on),
            )
            if day is None
        ]
        if missing:
            blockers.append(
                Blocker(
                    "promise",
                    f"{person.member.name}未{'、未'.join(missing)}，不能参加选举。",
                    rules.MANUAL,
                )
            )
    return blockers


def _ballot_settled(election: VillageElection, stage: Stage) -> list[Blocker]:
    """Every post of the meeting is filled; otherwise which round must follow, and why."""
    found = selectors.contests(election, stage)
    if not any(c.rounds for c in found):
        return [Blocker("ballot", "未登记到会和计票。", rules.ELECTION_REGULATION)]
    blockers = []
    for contest in found:
        seats = contest.outcome.open_seats
        if not seats:
            continue
        if not contest.rounds:
            message = f"未登记{contest.post.label}选举的计票。"
        elif contest.outcome.tied:
            message = f"{contest.post.label}还有{seats}个名额，得票相等，须就票数相等的人再次投票。"
        else:
            message = f"{contest.post.label}还有{seats}个名额无人得票过半数，须另行选举，不得以未过半数的人补足。"
        blockers.append(Blocker("open_seats", message, rules.ELECTION_REGULATION))
    return blockers + _uncertified(found)


def _uncertified(found: list[selectors.Contest]) -> list[Blocker]:
    """Every count was checked by a second person."""
    return [
        Blocker(
            "uncertified",
            f"{contest.post.label}第{counted.row.number}轮计票由{counted.row.recorded_by.name}登记，"
            "须由另一人核对。",
            rules.MANUAL,
            who=Role.ORG_STAFF,
        )
        for contest in found
        for counted in contest.rounds
        if counted.row.certified_at is None
    ]


def winners_qualified(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """Whoever was elected without having been a reviewed candidate (另选人) needs the county's word."""
    people = Candidacy.objects.filter(
        election=election, member__in=ElectedPost.objects.filter(election=election).values("member")
    ).exclude(status=CandidacyStatus.PREPARED)
    return [
        Blocker(
            "write_in_review",
            f"{person.member.name}由党员另选当选，未经资格审查和组织考察：请报县委组织部审查，"
            "审查同意的申请例外，不同意的由上级党组织决定重新选举。",
            rules.MANUAL,
            anchor="blockers",
            lift=Lift.EXCEPTION,
        )
        for person in people.select_related("member").order_by("rank")
    ]


def committee_elected(election: VillageElection, *, at: datetime) -> list[Blocker]:
    return _ballot_settled(election, Stage.COMMITTEE_BALLOT)


def secretary_elected(election: VillageElection, *, at: datetime) -> list[Blocker]:
    return _ballot_settled(election, Stage.SECRETARY_BALLOT)


def stands_in_no_open_election(*, member: PartyMember, since: None) -> list[Problem]:
    """A row that stands in an election under way is not merged into another: it has to be the one that stays."""
    standing = Candidacy.objects.filter(member=member, election__completed_on__isnull=True)
    if not standing.exists():
        return []
    return [
        Problem(
            "merge_standing",
            f"{member.name}的这一条是本届换届的人选：请把它作为保留的一条。",
            rules.MANUAL,
        )
    ]


def won_nothing_since(*, member: PartyMember, since: datetime) -> list[Problem]:
    """Joined rows stay joined once a post was won: whether it was won again followed from both."""
    if not ElectedPost.objects.filter(member=member, round__recorded_at__gt=since).exists():
        return []
    return [
        Problem(
            "merge_elected",
            f"合并以后{member.name}已当选，“新当选”“连任”按合并后的任职推算，不能撤销合并。",
            rules.MANUAL,
        )
    ]
