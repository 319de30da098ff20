"""Stage 11: the people on the ballot."""

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
) -> list[Candidacy]:
    """The prepared nominees (候选人预备人选) among those inspected, each with post, pledge and talk.

    Replaces what was fixed before while the stage is open. Raises Forbidden, Refused with every problem: surplus,
    one secretary, deputies as many as seats, a pledge and a talk per person.
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
    refuse(_nomination_problems(election, people, wanted, talker, timezone.localdate(at)))
    for pk, candidacy in people.items():
        chosen = wanted.get(pk)
        candidacy.status = CandidacyStatus.PREPARED if chosen else CandidacyStatus.NOT_PREPARED
        candidacy.nominated_post = chosen.post if chosen else ""
        candidacy.pledged_on = chosen.pledged_on if chosen else None
        candidacy.talked_on = chosen.talked_on if chosen else None
        candidacy.talker = talker.strip() if chosen else ""
    Candidacy.objects.bulk_update(
        people.values(), ["status", "nominated_post", "pledged_on", "talked_on", "talker"]
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


def _nomination_problems(election, people, wanted, talker: str, today: date) -> list[Problem]:
    problems = _surplus_problems(election, len(wanted))
    posts = [n.post for n in wanted.values()]
    if posts.count(ElectedPostKind.SECRETARY) != 1:
        problems.append(
            Problem(
                "secretary", "拟任书记应恰好1名：请在预备人选中指定。", rules.ELECTION_REGULATION
            )
        )
    if posts.count(ElectedPostKind.DEPUTY) != election.deputy_seats:
        problems.append(
            Problem(
                "deputy",
                f"拟任副书记应为{election.deputy_seats}名（批复职数），现为{posts.count(ElectedPostKind.DEPUTY)}名。",
                rules.ELECTION_REGULATION,
            )
        )
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


def _surplus_problems(election: VillageElection, count: int) -> list[Problem]:
    if election.has_committee:
        return rules.surplus_problems(
            seats=election.committee_seats,
            candidates=count,
            surplus_percent=election.rule_set.surplus_percent,
        )
    needed = selectors.candidates_needed(election)
    if count >= needed:
        return []
    return [
        Problem(
            "candidates",
            f"应选{needed}名，预备人选{count}名：还缺{needed - count}名。",
            rules.ELECTION_REGULATION,
        )
    ]
