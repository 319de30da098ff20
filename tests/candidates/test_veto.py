"""A veto needs a second person: until then the person is neither out nor through."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates, selectors
from candidates.enums import CandidacyStatus, InspectionResult
from candidates.models import Candidacy, VetoSignature
from candidates.services.inspection import countersign_veto, record_inspection
from elections.enums import Stage
from reporting.selectors.todo import todo, todo_count
from tests.elections.pages import page
from tests.factories.villages import UserFactory

from .people import AT, DAY, INSPECTED, stand
from .test_views import signed_in

REASON = "示例：群众认可度不高"


@pytest.fixture
def vetoed(at, place, users):
    """Four cleared people, the first vetoed by the coordinator."""
    people = stand(at(Stage.INSPECTION), place.members[:4], status=CandidacyStatus.CLEARED)
    record(people[0], users, result=InspectionResult.VETOED, reason=REASON)
    return people


def record(candidacy, users, *, result=InspectionResult.PASSED, **more):
    return record_inspection(
        candidacy=candidacy,
        inspected_on=DAY,
        **INSPECTED,
        result=result,
        by=users.coordinator,
        at=AT,
        **more,
    )


def sign(candidacy, by, *, approved=True, note=""):
    return countersign_veto(candidacy=candidacy, approved=approved, note=note, by=by, at=AT)


def status(candidacy) -> str:
    return Candidacy.objects.get(pk=candidacy.pk).status


def test_unsigned_veto_blocks_the_stage_and_keeps_the_person_standing(vetoed, users):
    for person in vetoed[1:]:
        record(person, users)
    election = vetoed[0].election

    (blocker,) = gates.inspection_complete(election, at=AT)

    assert (blocker.code, blocker.who) == ("veto_pending", Role.ORG_STAFF)
    assert blocker.message == (
        f"{vetoed[0].member.name}的考察否决由{users.coordinator.name}登记，须由另一人复核。"
    )
    assert vetoed[0] in selectors.standing(selectors.candidacies(election))


@pytest.mark.parametrize("who", ["org_staff", "colleague"])
def test_another_person_signs_with_name_and_post_of_the_day(vetoed, users, place, who):
    users.colleague = UserFactory(role=Role.COORDINATOR, where=place.own)
    by = getattr(users, who)

    signature = sign(vetoed[0], by)

    assert status(vetoed[0]) == CandidacyStatus.VETOED
    where = {"org_staff": "示例县 组织部工作人员", "colleague": "东乡镇 乡镇联络员"}[who]
    assert (signature.by_name, signature.by_post, signature.at) == (by.name, where, AT)
    assert (signature.vetoed_by, signature.veto_reason) == (users.coordinator, REASON)
    assert REASON not in str([vars(e) for e in AuditEntry.objects.all()])


def test_nobody_signs_their_own_veto(vetoed, users):
    with pytest.raises(Refused, match="须由另一人复核"):
        sign(vetoed[0], users.coordinator)
    assert status(vetoed[0]) == CandidacyStatus.VETO_PENDING


def test_database_knows_that_two_people_are_needed(vetoed, users):
    with pytest.raises(IntegrityError, match="veto_signed_by_another"), transaction.atomic():
        VetoSignature.objects.create(
            election=vetoed[0].election,
            inspection=vetoed[0].inspection,
            vetoed_by=users.coordinator,
            veto_reason=REASON,
            approved=True,
            by=users.coordinator,
            by_name="示例",
            by_post="示例",
            at=AT,
        )


@pytest.mark.parametrize("who", ["foreign", "leader", "vetting", "outsider"])
def test_nobody_else_signs(vetoed, users, who):
    with pytest.raises(Forbidden):
        sign(vetoed[0], getattr(users, who))


def test_refused_veto_says_why_and_the_person_is_inspected_again(vetoed, users):
    with pytest.raises(Refused, match="须写明理由"):
        sign(vetoed[0], users.org_staff, approved=False, note=" ")
    sign(vetoed[0], users.org_staff, approved=False, note="示例：依据不足")
    assert status(vetoed[0]) == CandidacyStatus.CLEARED

    record(vetoed[0], users)

    assert status(vetoed[0]) == CandidacyStatus.INSPECTED
    kept = VetoSignature.objects.get()
    assert (kept.approved, kept.note, kept.veto_reason) == (False, "示例：依据不足", REASON)


def test_signed_veto_stands(vetoed, users):
    sign(vetoed[0], users.org_staff)

    with pytest.raises(Refused, match="已经复核，不能再改"):
        record(vetoed[0], users)
    with pytest.raises(Refused, match="没有等待复核的考察否决"):
        sign(vetoed[0], users.org_staff)


# --- page and 待办 ---------------------------------------------------------------------------------


def test_form_is_shown_to_the_other_hand_only(vetoed, users, place):
    colleague = UserFactory(role=Role.COORDINATOR, where=place.own)
    url = page(vetoed[0].election, Stage.INSPECTION)

    shown = {
        user.pk: 'value="sign_veto"' in signed_in(user).get(url).content.decode()
        for user in (users.coordinator, colleague, users.org_staff, users.leader)
    }

    assert list(shown.values()) == [False, True, True, False]


def test_refusal_without_a_reason_keeps_the_row_open(vetoed, users):
    url = page(vetoed[0].election, Stage.INSPECTION)
    client = signed_in(users.org_staff)
    sent = {"action": "sign_veto", "candidacy": vetoed[0].pk, "approved": "0", "note": ""}

    refused = client.post(url, sent)
    taken = client.post(url, sent | {"approved": "1"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "须写明理由" in refused.context["refusals"][0]
    assert status(vetoed[0]) == CandidacyStatus.VETOED


def test_waiting_veto_is_a_task_of_whoever_may_sign_it(vetoed, users, place):
    colleague = UserFactory(role=Role.COORDINATOR, where=place.own)
    campaign = vetoed[0].election.campaign
    now = timezone.now()

    found = {}
    for user in (users.coordinator, colleague, users.org_staff, users.foreign):
        board = todo(user, campaign, at=now)
        assert board.total == todo_count(user, campaign, at=now)
        found[user.pk] = [p.pk for p in board.vetoes]

    assert list(found.values()) == [[], [vetoed[0].pk], [vetoed[0].pk], []]
    sign(vetoed[0], users.org_staff)
    assert todo(users.org_staff, campaign, at=now).vetoes == []
