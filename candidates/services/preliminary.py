"""Stage 8, and who takes the place of somebody who dropped out: from both recommendations to the nominees."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import VillageElection
from elections.services.facts import refuse
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..enums import (
    CandidacyStatus,
    Source,
)
from ..models import Candidacy, Proposal
from ..rules import may_be_listed


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
    the last of them; so does everybody who was put forward besides (自荐、组织推荐、后备库) and may be listed.
    `withdrawn`: member → reason, people who decline and are passed over.

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
    proposed = selectors.proposals(election)
    chosen += _listed_besides(proposed, order, chosen, withdrawn)
    Candidacy.objects.filter(election=election).delete()
    made = Candidacy.objects.bulk_create(
        [
            _candidacy(election, m, place.get(m.person, len(order) + 1), _source(m, proposed))
            for m in chosen
        ]
        + [
            _candidacy(
                election,
                m,
                place[m.person],
                _source(m, proposed),
                status=CandidacyStatus.DECLINED,
                withdrawal_reason=withdrawn[m.person].strip(),
                withdrawn_on=timezone.localdate(at),
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


def _listed_besides(
    proposed: dict[int, Proposal],
    order: list[rules.Merged],
    chosen: list[rules.Merged],
    withdrawn: dict[int, str],
) -> list[rules.Merged]:
    """Those put forward besides the recommendations who may be listed and are not yet."""
    votes = {m.person: m for m in order}
    there = {m.person for m in chosen} | withdrawn.keys()
    found = [
        (votes.get(pk) or rules.Merged(pk, 0, 0, 0), proposal)
        for pk, proposal in proposed.items()
        if pk not in there
    ]
    return [m for m, p in found if may_be_listed(votes=m.total, source=p.source)]


def _source(merged: rules.Merged, proposed: dict[int, Proposal]) -> Source:
    proposal = proposed.get(merged.person)
    return Source(proposal.source) if proposal else Source.RECOMMENDED


def _candidacy(
    election: VillageElection, merged: rules.Merged, place: int, source: Source, **more
) -> Candidacy:
    return Candidacy(
        election=election,
        member_id=merged.person,
        source=source,
        rank=place,
        member_votes=merged.members,
        villager_votes=merged.villagers,
        **more,
    )


#: Where somebody who dropped out may be replaced, and where the replacement is then reviewed.
REPLACING = (Stage.REVIEW, Stage.INSPECTION, Stage.NOMINATION, Stage.NOTICE)


@transaction.atomic
def add_replacement(
    *, election: VillageElection, stage: Stage, by: User, at: datetime
) -> Candidacy:
    """递补: the next person of the merged order who never stood becomes a preliminary nominee, to be reviewed like
    the others, who are not asked anything again. Raises Forbidden, Refused (nobody is left)."""
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    found = selectors.next_in_line(election)
    if found is None:
        raise Refused(
            Problem(
                "replacement",
                "两次推荐得票的人都已列入，无人可以递补：须重新组织推荐。",
                rules.MANUAL,
            )
        )
    place, person = found
    source = _source(person, selectors.proposals(election))
    made = _candidacy(election, person, place, source, is_replacement=True)
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
