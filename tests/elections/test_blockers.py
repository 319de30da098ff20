"""Every blocker that any gate returns: can it be lifted, who acts, and where the link beside it leads."""

import re
from datetime import date, timedelta
from importlib import import_module
from inspect import getsource

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from candidates.enums import CandidacyStatus, InspectionResult, Source
from candidates.models import DeclaredRelation, ElectedPost, Inspection, VoteTally
from complaints.services.complaints import register_complaint
from elections.enums import DocumentKind, Lift, MeetingKind, NoticeKind, Stage
from elections.models import (
    BallotRound,
    Meeting,
    Notice,
    OfficialDocument,
    RepresentativeChallenge,
    RepresentativeEntry,
    RepresentativeList,
    Roll,
)
from elections.selectors import current_records, stage_blockers
from elections.stages import STAGES
from groundwork.models import DepartureAudit, DifficultVillage, Dispute, RiskGrade
from tests.candidates.people import freeze, stand
from tests.factories.elections import at_stage
from villages.models import PostHeld, Representative

from .pages import campaign_around_today

FIRM, EXCEPTION, OVERRIDE = Lift.FIRM, Lift.EXCEPTION, Lift.OVERRIDE
PAPERS = {"document": FIRM, "document_order": FIRM}
MEETING = {
    "meeting_mobilisation": FIRM,
    "meeting_training": OVERRIDE,
    "meeting_discipline": OVERRIDE,
}
NOTICE = {"notice": FIRM, "notice_open": FIRM, "notice_order": FIRM, "notice_days": OVERRIDE}
BALLOT = {"ballot": FIRM, "open_seats": FIRM, "uncertified": FIRM}

#: Gate → every code it can return, and whether that can be lifted. Firm: what a regulation demands (quorum, surplus,
#: majority, tellers, notice before ballot, review of everybody), what discipline staff hold up, and the facts that
#: later stages or their dates stand on. By override: what the county's own plan demands beyond that.
GATES = {
    "groundwork.gates.survey_complete": {"survey": OVERRIDE, "risk": FIRM},
    "groundwork.gates.rectified": {
        "dispute": OVERRIDE,
        "audit": OVERRIDE,
        "audit_unpublished": OVERRIDE,
    },
    "groundwork.gates.red_village_cleared": {"red_not_cleared": OVERRIDE},
    "groundwork.gates.plan_approved": {"plan": EXCEPTION},
    "groundwork.gates.audit_published": {"audit_unpublished": OVERRIDE},
    "elections.gates.petition_approved": {**PAPERS, "seats": FIRM},
    "elections.gates.mobilised": MEETING,
    "elections.gates.roll_frozen": {"roll": FIRM, "roll_empty": FIRM},
    "elections.gates.nomination_approved": PAPERS,
    "elections.gates.notice_long_enough": NOTICE,
    "elections.gates.ballot_after_notice": {"notice_running": FIRM},
    "elections.gates.result_approved": PAPERS,
    "elections.gates.result_announced": {"announcement": FIRM},
    "elections.gates.handed_over": {"handover": FIRM},
    "candidates.gates.member_recommendation_recorded": {"recommendation": FIRM},
    "candidates.gates.villager_recommendation_recorded": {"recommendation": FIRM},
    "elections.gates.representatives_settled": {
        "open_challenge": FIRM,
        "representatives_changed": FIRM,
    },
    "candidates.gates.preliminary_complete": {
        "preliminary": FIRM,
        "no_votes": EXCEPTION,
        "women": EXCEPTION,
    },
    "candidates.gates.review_complete": {"review": FIRM, "too_few": FIRM},
    "candidates.gates.inspection_complete": {
        "review": FIRM,
        "inspection": FIRM,
        "veto_pending": FIRM,
        "too_few": FIRM,
    },
    "candidates.gates.nomination_complete": {
        "nomination": FIRM,
        "surplus": FIRM,
        "relatives": EXCEPTION,
        "women": EXCEPTION,
    },
    "candidates.gates.ballot_complete": {
        "surplus": FIRM,
        "secretary": FIRM,
        "deputy": FIRM,
        "replacement_open": FIRM,
        "notice_replacement": FIRM,
        "promise": FIRM,
    },
    "candidates.gates.promised": {"promise": FIRM},
    "candidates.gates.women_elected": {"women": EXCEPTION},
    "candidates.gates.committee_elected": BALLOT,
    "candidates.gates.secretary_elected": BALLOT,
    "candidates.gates.winners_qualified": {"write_in_review": EXCEPTION},
    "complaints.gates.no_open_objection": {"objection": FIRM},
}
#: Codes that no stored facts produce: the database refuses such a row.
NEVER_STORED = {"notice_order"}


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


# --- scenes: a stage with something missing -------------------------------------------------------


def audit(election, today, **more):
    return DepartureAudit.objects.create(
        election=election,
        subject="示例书记",
        post="书记",
        auditor="示例组",
        report_number="1号",
        reported_on=today,
        **more,
    )


def papers(election, stage, *days):
    for kind, day in zip(DocumentKind, days, strict=False):
        OfficialDocument.objects.create(
            election=election, stage=stage, kind=kind, number="1号", issued_on=day
        )


def bare(election, place, today, users):
    """Nothing recorded."""


def rectification(election, place, today, users):
    PostHeld.objects.create(member=place.members[0], post="secretary", started_on=date(2021, 1, 1))
    Dispute.objects.create(
        election=election, category="land", summary="示例", responsible="示例镇", found_on=today
    )


def unpublished(election, place, today, users):
    audit(election, today)


def red(election, place, today, users):
    RiskGrade.objects.create(
        election=election,
        grade="red",
        graded_on=today,
        leader="示例",
        work_group="示例",
        plan="示例",
    )
    papers(election, Stage.PETITION, today, today - timedelta(days=1))


def papers_reversed(election, place, today, users):
    papers(election, Stage(election.stage), today, today - timedelta(days=1), today)


def empty_roll(election, place, today, users):
    Roll.objects.all().delete()
    freeze(election, due=0)


def one_man(election, place, today, users):
    stand(election, place.members[:1])


def one_cleared(election, place, today, users):
    stand(election, place.members[:1], status=CandidacyStatus.CLEARED)


def one_prepared(election, place, today, users):
    stand(election, place.members[:1], status=CandidacyStatus.PREPARED, posts=["member"])


def running_notice(election, place, today, users, *, ends=3, starts=-1):
    Notice.objects.create(
        election=election,
        kind=NoticeKind.CANDIDATES,
        starts_on=today + timedelta(days=starts),
        ends_on=today + timedelta(days=ends),
        place="示例公开栏",
    )


def short_notice(election, place, today, users):
    running_notice(election, place, today, users, ends=0)


def objection(election, place, today, users):
    at = timezone.now()
    register_complaint(
        election=election,
        channel="call",
        cause="qualification",
        summary="示例",
        received_at=at,
        blocks_notice=True,
        by=users.discipline,
        at=at,
    )


def counted(election, stage, today, users) -> BallotRound:
    """A count of nine ballots for one seat that nobody checked."""
    meeting = Meeting.objects.create(
        election=election, kind=MeetingKind(stage.value), held_on=today, due=9, present=9
    )
    return BallotRound.objects.create(
        meeting=meeting,
        post="committee" if stage == Stage.COMMITTEE_BALLOT else "secretary",
        number=1,
        kind="main",
        held_on=today,
        seats=1,
        present=9,
        issued=9,
        returned=9,
        valid=9,
        invalid=0,
        recorded_by=users.coordinator,
        recorded_at=timezone.now(),
    )


def ballot(election, place, today, users):
    """A count that filled no seat and that nobody checked, on a day when the notice still ran."""
    running_notice(election, place, today, users)
    stage = Stage(election.stage)
    prepared = CandidacyStatus.PREPARED
    people = stand(election, place.members[:2], status=prepared, posts=["member", "secretary"])
    row = counted(election, stage, today, users)
    for person in people:
        VoteTally.objects.create(round=row, candidacy=person, in_favour=4, against=5, abstained=0)


def written_in(election, place, today, users):
    (person,) = stand(election, place.members[:1], status=CandidacyStatus.WRITTEN_IN)
    ElectedPost.objects.create(
        election=election,
        member=person.member,
        round=counted(election, Stage.COMMITTEE_BALLOT, today, users),
        post="member",
        votes=9,
        elected_on=today,
        term_ends_on=today + timedelta(days=1000),
        reelected=False,
    )


def difficult(election, place, today, users):
    DifficultVillage.objects.create(
        election=election,
        kind="hard",
        grounds="示例",
        designated_on=today,
    )


def challenged(election, place, today, users):
    """An objection nobody answered, after a meeting of more people than the list now has."""
    person = Representative.objects.create(
        village=place.village, name="示例", sex="female", born_on=date(1980, 1, 1), since=today
    )
    at = timezone.now()
    listed = RepresentativeList.objects.create(
        election=election, published_on=today, count=1, frozen_by=users.coordinator, frozen_at=at
    )
    entry = RepresentativeEntry.objects.create(list=listed, representative=person, name="示例")
    RepresentativeChallenge.objects.create(
        election=election,
        entry=entry,
        raised_on=today,
        grounds="示例",
        recorded_by=users.coordinator,
        recorded_at=at,
    )
    Meeting.objects.create(
        election=election,
        kind=MeetingKind.VILLAGER_RECOMMENDATION,
        held_on=today,
        due=2,
        present=2,
    )


def unvoted(election, place, today, users):
    (person,) = stand(election, place.members[:1], women=(0,))
    person.source = Source.ORGANISATION
    person.save()


def inspected(person, users, on, **more) -> None:
    Inspection.objects.create(
        candidacy=person,
        inspected_on=on,
        team="示例考察组",
        voters=1,
        excellent=1,
        competent=0,
        basic=0,
        incompetent=0,
        recorded_by=users.coordinator,
        recorded_at=timezone.now(),
        **{"result": InspectionResult.PASSED} | more,
    )


def veto_waiting(election, place, today, users):
    (person,) = stand(election, place.members[:1], status=CandidacyStatus.VETO_PENDING)
    inspected(person, users, today, result=InspectionResult.VETOED, reason="示例")


def relatives(election, place, today, users):
    stand(
        election,
        place.members[:2],
        status=CandidacyStatus.PREPARED,
        posts=["secretary", "member"],
        women=(0,),
    )
    first, second = place.members[:2]
    DeclaredRelation.objects.create(
        election=election,
        member=first,
        relative=second,
        kind="sibling",
        declared_on=today,
        recorded_by=users.coordinator,
        recorded_at=timezone.now(),
    )


def late_replacement(election, place, today, users):
    """One came after the notice began and neither pledged nor was talked to, another is still being reviewed."""
    election.deputy_seats = 1
    election.save()
    running_notice(election, place, today, users, starts=-10, ends=0)
    late, _ = stand(election, place.members[:2], women=(0,))
    late.is_replacement, late.status, late.nominated_post = True, "prepared", "member"
    late.save()
    inspected(late, users, today)


#: stage and scene → the codes that block it, without those of missing evidence.
SCENES = [
    (Stage.SURVEY, bare, ["survey", "risk"]),
    (Stage.RECTIFICATION, rectification, ["dispute", "audit"]),
    (Stage.RECTIFICATION, unpublished, ["audit_unpublished"]),
    (Stage.PETITION, bare, ["document", "document", "seats"]),
    (Stage.PETITION, red, ["red_not_cleared", "document_order", "seats"]),
    (Stage.PETITION, difficult, ["plan", "document", "document", "seats"]),
    (Stage.MOBILISATION, bare, list(MEETING)),
    (Stage.ROSTER, bare, ["roll"]),
    (Stage.ROSTER, empty_roll, ["roll_empty"]),
    (Stage.MEMBER_RECOMMENDATION, unpublished, ["audit_unpublished", "recommendation"]),
    (Stage.VILLAGER_RECOMMENDATION, unpublished, ["audit_unpublished", "recommendation"]),
    (
        Stage.VILLAGER_RECOMMENDATION,
        challenged,
        ["open_challenge", "representatives_changed"],
    ),
    (Stage.PRELIMINARY, unvoted, ["no_votes"]),
    (Stage.PRELIMINARY, bare, ["preliminary"]),
    (Stage.PRELIMINARY, one_man, ["women"]),
    (Stage.REVIEW, bare, ["too_few"]),
    (Stage.REVIEW, one_man, ["review"]),
    (Stage.INSPECTION, bare, ["too_few"]),
    (Stage.INSPECTION, one_man, ["review"]),
    (Stage.INSPECTION, one_cleared, ["inspection"]),
    (Stage.INSPECTION, veto_waiting, ["veto_pending"]),
    (Stage.NOMINATION, bare, ["document", "document", "nomination"]),
    (Stage.NOMINATION, papers_reversed, ["document_order", "nomination"]),
    (Stage.NOMINATION, one_prepared, ["document", "document", "surplus", "women"]),
    (Stage.NOMINATION, relatives, ["document", "document", "surplus", "relatives"]),
    (Stage.NOTICE, bare, ["notice", "surplus", "secretary"]),
    (Stage.NOTICE, running_notice, ["notice_open", "surplus", "secretary"]),
    (Stage.NOTICE, short_notice, ["notice_days", "surplus", "secretary"]),
    (Stage.NOTICE, objection, ["notice", "surplus", "secretary", "objection"]),
    (
        Stage.NOTICE,
        late_replacement,
        [
            "surplus",
            "secretary",
            "deputy",
            "replacement_open",
            "notice_replacement",
            "promise",
        ],
    ),
    (Stage.COMMITTEE_BALLOT, late_replacement, ["promise", "ballot"]),
    (Stage.COMMITTEE_BALLOT, bare, ["ballot"]),
    (Stage.COMMITTEE_BALLOT, objection, ["objection", "ballot"]),
    (Stage.COMMITTEE_BALLOT, ballot, ["notice_running", "open_seats", "uncertified"]),
    (Stage.SECRETARY_BALLOT, bare, ["ballot"]),
    (Stage.SECRETARY_BALLOT, ballot, ["open_seats", "uncertified"]),
    (Stage.APPROVAL, bare, ["document"] * 3 + ["women"]),
    (Stage.APPROVAL, papers_reversed, ["document_order", "women"]),
    (Stage.APPROVAL, written_in, ["document"] * 3 + ["write_in_review", "women"]),
    (Stage.ANNOUNCEMENT, bare, ["announcement"]),
    (Stage.HANDOVER, bare, ["handover"]),
]


@pytest.fixture
def blocked(election, place, users, today):
    """blocked(stage, scene) → the election at the stage, and its blockers."""

    def blocked(stage, scene):
        found = at_stage(election, stage, on=today - timedelta(days=10))
        if STAGES[stage].number > STAGES[Stage.ROSTER].number:
            freeze(found, due=8)
        scene(found, place, today, users)
        record = current_records(found)[stage]
        return found, stage_blockers(found, record, at=timezone.now())

    return blocked


SCENE = pytest.mark.parametrize(
    ("stage", "scene", "codes"), SCENES, ids=[f"{s}-{f.__name__}" for s, f, _ in SCENES]
)


def family(code: str) -> str:
    """A code without the person or pair it is about."""
    return re.sub(r"_\d+$", "", code)


@SCENE
def test_blockers_of_a_scene_are_lifted_as_the_table_says(blocked, stage, scene, codes):
    _, found = blocked(stage, scene)

    table = {}
    for path in settings.STAGE_GATES[stage]:
        table |= GATES[path]
    of_gates = [b for b in found if not b.code.startswith("evidence_")]
    assert [family(b.code) for b in of_gates] == codes
    assert {family(b.code): b.lift for b in of_gates} == {code: table[code] for code in codes}
    files = [b for b in found if b.code.startswith("evidence_")]
    assert [b.code for b in files] == [f"evidence_{need.code}" for need in STAGES[stage].evidence]
    assert {b.lift for b in files} == {OVERRIDE}


def test_every_gate_is_in_the_table_and_every_code_in_a_scene():
    paths = {path for gates in settings.STAGE_GATES.values() for path in gates}
    assert set(GATES) == paths
    seen = {
        (path, code)
        for stage, _, codes in SCENES
        for path in settings.STAGE_GATES[stage]
        for code in codes
    }

    missing = {
        (path, code)
        for path, codes in GATES.items()
        for code in codes
        if (path, code) not in seen and code not in NEVER_STORED
    }

    assert missing == set()


def test_no_gate_names_a_code_that_is_not_in_the_table():
    known = {code for codes in GATES.values() for code in codes}
    modules = {path.rsplit(".", 1)[0] for path in GATES}

    named = {
        code
        for module in modules
        for code in re.findall(r'Blocker\(\s*"(\w+)"', getsource(import_module(module)))
    }

    assert named <= known


#: Who acts → the user of the fixtures who opens the link.
OPENED_BY = {Role.COORDINATOR: "coordinator", Role.ORG_STAFF: "org_staff"}


@SCENE
def test_blocker_stands_on_the_page_with_the_way_to_its_place(
    client, blocked, users, stage, scene, codes
):
    election, found = blocked(stage, scene)
    client.force_login(users.coordinator)
    html = client.get(reverse(STAGES[stage].url_name, args=[election.pk])).content.decode()
    panel = html[html.index('id="blockers"') :].split("</section>")[0]
    assert panel.count("<cite>") == len(found)

    places = set()
    for blocker in found:
        words = (blocker.message, blocker.citation, blocker.who.label, blocker.lift.label)
        assert [word for word in words if word not in panel] == []
        if blocker.who == Role.DISCIPLINE:  # nobody who sees this page can settle it
            assert (blocker.link, blocker.anchor) == ("", "")
            continue
        url = reverse(blocker.link or STAGES[stage].url_name, args=[election.pk])
        assert f'href="{url}#{blocker.anchor}"' in panel
        places.add((OPENED_BY[blocker.who], url, blocker.anchor))
    for who, url, anchor in places:
        client.force_login(getattr(users, who))
        assert f'id="{anchor}"' in client.get(url).content.decode(), (url, anchor)
