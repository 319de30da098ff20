"""Stages 8, 10 and 11: from both recommendations to the people on the ballot (the review stands in reviews.py)."""

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
    InspectionResult,
)
from ..models import Candidacy, Inspection
from .reviews import lock_candidacy


@transaction.atomic
def fix_preliminary(
    *,
    election: VillageElection,
    wanted: int,
    withdrawn: dict[int, str],
    by: User,
    at: datetime,
) -> list[Candidacy]:
    """The first `wanted` people of the merged recommendations become preliminary nominees, with everyone tied with
    the last of them. `withdrawn`: member → reason, people who decline and are passed over.

    Replaces what was fixed before while the stage is open. Raises Forbidden, Refused.
    """
    election, _ = open_for_recording(election=election, stage=Stage.PRELIMINARY, by=by)
    order = selectors.merged(election)
    place = {m.person: number for number, m in enumerate(order, start=1)}
    problems = [
        Problem("withdrawal", "本人放弃的，请填写理由。", rules.MANUAL)
        for member, reason in withdrawn.items()
        if member in place and not reason.strip()
    ]
    needed = selectors.candidates_needed(election)
    if wanted < needed:
        problems.append(
            Problem(
                "surplus",
                f"初步人选{wanted}名，少于应有的{needed}名（应选{election.ballot_seats}名加差额）：请增加名额。",
                rules.ELECTION_REGULATION,
            )
        )
    available = [m for m in order if m.person not in withdrawn]
    chosen = rules.preliminary_nominees(available, wanted=wanted, rule=election.rule_set.merge_rule)
    if len(chosen) < min(wanted, needed) and not problems:
        problems.append(
            Problem(
                "nominees",
                f"得到推荐票的只有{len(chosen)}人，不足{needed}名：请核对两次推荐的计票，或重新组织推荐。",
                rules.MANUAL,
            )
        )
    refuse(problems)
    Candidacy.objects.filter(election=election).delete()
    made = Candidacy.objects.bulk_create(
        [_candidacy(election, m, place[m.person]) for m in chosen]
        + [
            _candidacy(
                election,
                m,
                place[m.person],
                status=CandidacyStatus.WITHDRAWN,
                withdrawal_reason=withdrawn[m.person].strip(),
            )
            for m in order
            if m.person in withdrawn
        ]
    )
    recorded(
        election=election,
        action="preliminary.fixed",
        by=by,
        at=at,
        target=election,
        changes={"after": {"nominees": len(chosen), "withdrawn": len(made) - len(chosen)}},
    )
    return made


def _candidacy(election: VillageElection, merged: rules.Merged, place: int, **more) -> Candidacy:
    return Candidacy(
        election=election,
        member_id=merged.person,
        rank=place,
        member_votes=merged.members,
        villager_votes=merged.villagers,
        **more,
    )


#: Where somebody who dropped out may be replaced, and where the replacement is then reviewed.
REPLACING = (Stage.REVIEW, Stage.INSPECTION)


@transaction.atomic
def add_replacement(
    *, election: VillageElection, stage: Stage, by: User, at: datetime
) -> Candidacy:
    """递补: the next person of the merged order who never stood becomes a preliminary nominee, to be reviewed like
    the others. Raises Forbidden, Refused (nobody is left)."""
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    taken = set(Candidacy.objects.filter(election=election).values_list("member_id", flat=True))
    order = selectors.merged(election)
    for place, person in enumerate(order, start=1):
        if person.person not in taken and person.total > 0:
            made = _candidacy(election, person, place, is_replacement=True)
            made.save()
            recorded(
                election=election,
                action="candidacy.replaced",
                by=by,
                at=at,
                target=made,
                changes={"after": {"rank": place}},
            )
            return made
    raise Refused(
        Problem(
            "replacement", "两次推荐得票的人都已列入，无人可以递补：须重新组织推荐。", rules.MANUAL
        )
    )


@dataclass(frozen=True)
class Assessment:
    """Talks (人次) and assessment votes (票) of an inspection."""

    talks: int
    excellent: int
    competent: int
    basic: int
    incompetent: int


@transaction.atomic
def record_inspection(
    *,
    candidacy: Candidacy,
    inspected_on: date,
    team: str,
    assessment: Assessment,
    result: InspectionResult,
    by: User,
    at: datetime,
    reason: str = "",
) -> Inspection:
    """Record the inspection of one cleared nominee. A veto carries its reason. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=candidacy.election, stage=Stage.INSPECTION, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = future_problems(timezone.localdate(at), 考察日期=inspected_on)
    if candidacy.status not in (
        CandidacyStatus.CLEARED,
        CandidacyStatus.INSPECTED,
        CandidacyStatus.VETOED,
    ):
        problems.append(
            Problem("inspection_order", f"{name}未经资格审查合格，不能考察。", rules.MANUAL)
        )
    if result == InspectionResult.VETOED and not reason.strip():
        problems.append(Problem("veto_reason", f"否决{name}须写明理由。", rules.MANUAL))
    if assessment.talks < 1:
        problems.append(Problem("talks", f"{name}：谈话人数应大于0。", rules.MANUAL))
    refuse(problems)
    vetoed = result == InspectionResult.VETOED
    inspection, _ = Inspection.objects.update_or_create(
        candidacy=candidacy,
        defaults={
            "inspected_on": inspected_on,
            "team": team,
            "talks": assessment.talks,
            "excellent": assessment.excellent,
            "competent": assessment.competent,
            "basic": assessment.basic,
            "incompetent": assessment.incompetent,
            "result": result,
            "reason": reason.strip() if vetoed else "",
            "recorded_by": by,
        },
    )
    candidacy.status = CandidacyStatus.VETOED if vetoed else CandidacyStatus.INSPECTED
    candidacy.save(update_fields=["status"])
    recorded(
        election=election,
        action="inspection.recorded",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"result": result.value, "on": str(inspected_on)}},
    )
    return inspection


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
