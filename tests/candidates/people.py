"""Rolls, candidacies and notices by direct writes."""

from datetime import date

from candidates.enums import CandidacyStatus, ElectedPostKind
from candidates.models import Candidacy
from candidates.rules import Assessment
from candidates.services.inspection import Member, Talks, Team
from elections.enums import NoticeKind
from elections.models import Notice, Roll
from tests.factories.elections import START, moment
from villages.enums import Sex

DAY = date(2026, 9, 20)
AT = moment(DAY, 15)


def freeze(election, *, due: int, representatives: int = 30) -> None:
    Roll.objects.create(
        election=election,
        published_on=START,
        voters=due,
        excluded=0,
        due=due,
        representatives=representatives,
        representatives_published_on=START,
        frozen_by=election.campaign.created_by,
        frozen_at=moment(START),
    )


def stand(election, members, *, status=CandidacyStatus.PRELIMINARY, women=(), posts=()):
    """Candidacies of these members in this order; `women`: which of them; `posts`: the posts they are nominated for."""
    made = []
    for rank, member in enumerate(members, start=1):
        if rank - 1 in women:
            member.sex = Sex.FEMALE
            member.save()
        post = posts[rank - 1] if rank <= len(posts) else ""
        promised = {"pledged_on": START, "talked_on": START} if post else {}
        made.append(
            Candidacy.objects.create(
                election=election,
                member=member,
                status=status,
                rank=rank,
                nominated_post=post,
                **promised,
            )
        )
    return made


SECRETARY_AND_MEMBERS = [ElectedPostKind.SECRETARY] + [ElectedPostKind.MEMBER] * 4


def notice(election, *, ends_on: date) -> None:
    Notice.objects.create(
        election=election,
        kind=NoticeKind.CANDIDATES,
        starts_on=START,
        ends_on=ends_on,
        place="示例公开栏",
    )


#: An inspection as it is recorded: team, talks, votes of twenty-three.
TEAM = Team("示例考察组", Member("示例组长", "示例组织科"), (Member("示例组员", "示例镇党委"),))
TALKS = Talks(members=5, cadres=1, villagers=3)
VOTES = Assessment(23, 20, 3, 0, 0)
INSPECTED = {"team": TEAM, "talks": TALKS, "assessment": VOTES}
