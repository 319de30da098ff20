"""Stage 11: the people on the ballot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import VillageElection
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..enums import (
    CandidacyStatus,
    ElectedPostKind,
)
from ..models import Candidacy


@dataclass(frozen=True)
class Nomination:
    """One person put on the ballot: post sought, pledge and talk."""

    candidacy_id: int
    post: ElectedPostKind
    pledged_on: date | None
    talked_on: date | None


@transaction.atomic
def fix_nomination(
    *,
    election: VillageElection,
    nominations: list[Nomination],
    talker: str,
    by: User,
    at: datetime,
    left_out: Mapping[int, str] | None = None,
) -> list[Candidacy]:
    """The prepared nominees (候选人预备人选) among those inspected, each with post, pledge and talk. `left_out`:
    candidacy → why somebody who was inspected is not put forward.

    Replaces what was fixed before while the stage is open. Raises Forbidden, Refused with every problem: surplus,
    one secretary, deputies as many as seats, a pledge and a talk per person, a reason for everybody left out.
    """
    election, _ = open_for_recording(election=election, stage=Stage.NOMINATION, by=by)
    pool = (CandidacyStatus.INSPECTED, CandidacyStatus.PREPARED, CandidacyStatus.NOT_PREPARED)
    people = {
        c.pk: c
        for c in Candidacy.objects.select_for_update(of=("self",))
        .filter(election=election, status__in=pool)
        .select_related("member")
    }
    wanted = {n.candidacy_id: n for n in nominations}
    if wanted.keys() - people.keys():
        raise Refused(
            Problem("nominee", "有人未经组织考察通过，不能列为预备人选：请刷新页面。", rules.MANUAL)
        )
    reasons = {pk: reason.strip() for pk, reason in (left_out or {}).items()}
    refuse(
        _nomination_problems(election, people, wanted, talker, timezone.localdate(at))
        + _left_out_problems(people, wanted, reasons)
    )
    for pk, candidacy in people.items():
        chosen = wanted.get(pk)
        candidacy.status = CandidacyStatus.PREPARED if chosen else CandidacyStatus.NOT_PREPARED
        candidacy.nominated_post = chosen.post if chosen else ""
        candidacy.pledged_on = chosen.pledged_on if chosen else None
        candidacy.talked_on = chosen.talked_on if chosen else None
        candidacy.talker = talker.strip() if chosen else ""
        candidacy.not_prepared_reason = "" if chosen else reasons[pk]
    Candidacy.objects.bulk_update(
        people.values(),
        ["status", "nominated_post", "pledged_on", "talked_on", "talker", "not_prepared_reason"],
    )
    recorded(
        election=election,
        action="nomination.fixed",
        by=by,
        at=at,
        target=election,
        changes={"after": {"prepared": len(wanted), "not_prepared": len(people) - len(wanted)}},
    )
    return [people[pk] for pk in wanted]


def _left_out_problems(people, wanted, reasons: dict[int, str]) -> list[Problem]:
    return [
        Problem(
            "left_out",
            f"{person.member.name}考察通过而未列入预备人选，须填写未列入的理由。",
            rules.MANUAL,
        )
        for pk, person in people.items()
        if pk not in wanted and not reasons.get(pk)
    ]


def _nomination_problems(election, people, wanted, talker: str, today: date) -> list[Problem]:
    problems = selectors.surplus_problems(election, len(wanted))
    problems += selectors.post_problems(election, [n.post for n in wanted.values()])
    if not talker.strip():
        problems.append(Problem("talker", "请填写集体谈话的谈话人。", rules.MANUAL))
    for pk, nomination in wanted.items():
        name = people[pk].member.name
        if nomination.pledged_on is None:
            problems.append(
                Problem("pledge", f"{name}未签订纪律承诺书，不能列为预备人选。", rules.MANUAL)
            )
        if nomination.talked_on is None:
            problems.append(
                Problem("talk", f"{name}未参加集体谈话，不能列为预备人选。", rules.MANUAL)
            )
        problems += future_problems(
            today,
            **{f"{name}承诺书日期": nomination.pledged_on, f"{name}谈话日期": nomination.talked_on},
        )
    return problems


def _seats(election: VillageElection, post: ElectedPostKind) -> int:
    """How many may be put forward for a post."""
    match post:
        case ElectedPostKind.SECRETARY:
            return 1
        case ElectedPostKind.DEPUTY:
            return election.deputy_seats
    return len(selectors.prepared(election)) + 1


@transaction.atomic
def nominate_replacement(
    *,
    election: VillageElection,
    nomination: Nomination,
    by: User,
    at: datetime,
) -> Candidacy:
    """Put somebody who came late (递补) on the ballot while the notice runs, without asking the others again. Pledge and
    talk may follow until the ballot. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.NOTICE, by=by)
    candidacy = (
        Candidacy.objects.select_for_update(of=("self",))
        .select_related("member")
        .filter(pk=nomination.candidacy_id, election=election, is_replacement=True)
        .filter(status=CandidacyStatus.INSPECTED)
        .first()
    )
    if candidacy is None:
        raise Refused(Problem("nominee", "此人不是考察通过的递补人选：请刷新页面。", rules.MANUAL))
    posts = [p.nominated_post for p in selectors.prepared(election)]
    if posts.count(nomination.post) >= _seats(election, nomination.post):
        raise Refused(
            Problem(
                "post_taken",
                f"拟任{nomination.post.label}已有人选，递补人选请按放弃人选的职务填写。",
                rules.ELECTION_REGULATION,
            )
        )
    candidacy.status = CandidacyStatus.PREPARED
    candidacy.nominated_post = nomination.post
    candidacy.pledged_on, candidacy.talked_on = nomination.pledged_on, nomination.talked_on
    candidacy.save(update_fields=["status", "nominated_post", "pledged_on", "talked_on"])
    recorded(
        election=election,
        action="nomination.replaced",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"post": nomination.post.value}},
    )
    return candidacy
