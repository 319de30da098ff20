"""程序体检 finds whatever was changed behind the services' back, names rule and village, and nothing else."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from candidates.models import ElectedPost, Review, VoteTally
from elections.enums import BallotPost, MeetingKind, NoticeKind, Stage, StageStatus
from elections.models import (
    BallotRound,
    Evidence,
    ExceptionRequest,
    Meeting,
    Notice,
    RepresentativeEntry,
    Roll,
    RollEntry,
    RuleSet,
    StageRecord,
    VillageElection,
)
from reporting.selectors.checkup import CHECKS, checkup
from tests.factories.played import play
from villages.models import PartyMember


@pytest.fixture
def campaign(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return play(townships=1, villages=3)


def of(model, **more):
    """The rows of the first village with a committee."""
    election = VillageElection.objects.filter(committee_seats__gt=0).earliest("pk")
    path = {BallotRound: "meeting__election", Review: "candidacy__election"}.get(model, "election")
    return model.objects.filter(**{path: election}, **more)


def teller() -> None:
    round_ = of(BallotRound, post=BallotPost.COMMITTEE).first()
    round_.meeting.tellers.add(round_.tallies.first().candidacy.member)


def no_women() -> None:
    ExceptionRequest.objects.all().delete()
    PartyMember.objects.update(sex="male", is_women_director=False)


#: What somebody did to the database → which check finds it.
TAMPERING = {
    "环节不倒置、日期不倒置": lambda: of(StageRecord, stage=Stage.ROSTER).update(
        status=StageStatus.WAITING
    ),
    "佐证材料齐全": lambda: of(Evidence, stage=Stage.NOTICE).delete(),
    "应到会名册与核定时一致": lambda: RollEntry.objects.filter(roll=of(Roll).get()).update(
        name="改名"
    ),
    "村民代表名单与核定时一致": lambda: RepresentativeEntry.objects.filter(
        pk=RepresentativeEntry.objects.earliest("pk").pk
    ).update(name="改名"),
    "推荐会到会比例": lambda: of(Meeting, kind=MeetingKind.MEMBER_RECOMMENDATION).update(present=1),
    "候选人经审查、考察、承诺、谈话": lambda: of(Review).first().delete(),
    "预备人选女性名额": no_women,
    "公示天数和公示期满后选举": lambda: of(Notice, kind=NoticeKind.CANDIDATES).update(
        ends_on=F("starts_on")
    ),
    "选举到会法定人数": lambda: of(Meeting, kind=MeetingKind.COMMITTEE_BALLOT).update(present=1),
    "委员候选人差额": lambda: RuleSet.objects.update(surplus_percent=100),
    "监票人、计票人不是候选人": teller,
    "选票和得票数目相符": lambda: VoteTally.objects.filter(round=of(BallotRound).first()).update(
        against=F("against") + 1
    ),
    "计票由另一人核对": lambda: of(BallotRound).update(certified_by=None, certified_at=None),
    "当选人与计票结果一致": lambda: of(ElectedPost).first().delete(),
}


def test_county_played_by_the_rules_has_nothing_and_every_tampering_is_found(campaign, capsys):
    elections = VillageElection.objects.filter(campaign=campaign)
    assert checkup(elections) == []
    call_command("check_invariants")
    assert f"程序体检：{len(CHECKS)}条规则全部相符。" in capsys.readouterr().out
    assert list(TAMPERING) == list(CHECKS)

    found = {}
    for check, tamper in TAMPERING.items():
        with transaction.atomic():
            tamper()
            found[check] = {finding.check for finding in checkup(elections)}
            transaction.set_rollback(True)

    assert found == {check: {check} for check in CHECKS}


def test_page_and_command_name_rule_village_and_remedy(campaign, capsys):
    notice = of(Notice, kind=NoticeKind.CANDIDATES)
    notice.update(ends_on=F("starts_on") + timedelta(1))
    village = notice.get().election.village
    client = Client()
    client.force_login(User.objects.get(username="lingdao"))
    url = reverse("checkup", kwargs={"pk": campaign.pk})

    page = client.get(url).content.decode()
    chosen = client.get(url, {"check": "公示天数和公示期满后选举"}).content.decode()
    other = client.get(url, {"check": "佐证材料齐全"}).content.decode()

    assert "发现1处不符" in page
    assert village.name in chosen
    assert "请公示至" in chosen
    assert village.name not in other
    with pytest.raises(CommandError, match="发现1处不符"):
        call_command("check_invariants")
    assert village.name in capsys.readouterr().out


def test_checkup_takes_the_same_queries_for_few_and_many(world):
    elections = VillageElection.objects.filter(campaign=world.campaign)
    counts = []
    for found in (elections.filter(pk=elections.earliest("pk").pk), elections):
        with CaptureQueriesContext(connection) as queries:
            checkup(found)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14


def test_coordinator_sees_the_own_township_s_findings(world, client):
    for election in world.elections.values():
        StageRecord.objects.filter(election=election, stage=Stage.SURVEY).update(
            status=StageStatus.DONE, actual_on=world.campaign.starts_on
        )
    client.force_login(world.users.east)

    page = client.get(reverse("checkup", kwargs={"pk": world.campaign.pk})).content.decode()

    assert "发现3处不符" in page
    assert "西乡镇" not in page
