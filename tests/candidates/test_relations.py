"""Near relatives: declared once, named pair by pair, excepted pair by pair."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from candidates import gates
from candidates.enums import CandidacyStatus, RelationKind
from candidates.models import DeclaredRelation
from candidates.services.relations import declare_relation, remove_relation
from elections.enums import Stage
from elections.selectors import current_records, stage_blockers
from elections.services.evidence import decide_exception, request_exception

from .people import AT, DAY, SECRETARY_AND_MEMBERS, stand
from .test_views import signed_in


@pytest.fixture
def prepared(at, place):
    return stand(
        at(Stage.NOMINATION),
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        women=(0,),
        posts=SECRETARY_AND_MEMBERS,
    )


def declare(election, first, second, users, **more):
    return declare_relation(
        **{
            "election": election,
            "member": first,
            "relative": second,
            "kind": RelationKind.SPOUSE,
            "declared_on": DAY,
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def codes(election) -> list[str]:
    return [b.code for b in gates.nomination_complete(election, at=AT)]


def test_relatives_do_not_stand_together_unless_the_county_excepts_the_pair(prepared, place, users):
    election = prepared[0].election
    one = declare(election, place.members[0], place.members[1], users)
    two = declare(election, place.members[2], place.members[3], users)
    declare(election, place.members[0], place.members[7], users)
    assert codes(election) == [f"relatives_{one.pk}", f"relatives_{two.pk}"]

    asked = request_exception(
        election=election,
        stage=Stage.NOMINATION,
        code=f"relatives_{one.pk}",
        reason="示例：人选确实缺少",
        by=users.coordinator,
        at=AT,
    )
    decide_exception(exception=asked, approved=True, note="", by=users.org_staff, at=AT)

    record = current_records(election)[Stage.NOMINATION]
    left = [b.code for b in stage_blockers(election, record, at=AT) if "relatives" in b.code]
    assert left == [f"relatives_{two.pk}"]


@pytest.mark.parametrize(
    ("first", "second", "change", "words"),
    [
        (0, 0, {}, "请选择两名不同的党员"),
        (1, 0, {}, "已经申报"),
        (0, 2, {"declared_on": DAY + timedelta(days=1)}, "申报日期"),
    ],
)
def test_declaration_is_refused(prepared, place, users, first, second, change, words):
    election = prepared[0].election
    declare(election, place.members[0], place.members[1], users)

    with pytest.raises(Refused, match=words):
        declare(election, place.members[first], place.members[second], users, **change)
    assert DeclaredRelation.objects.count() == 1


def test_pair_stands_once_whoever_declares_it(prepared, place, users):
    election = prepared[0].election
    declare(election, place.members[0], place.members[1], users)

    with pytest.raises(IntegrityError, match="pair_of_relatives_once"), transaction.atomic():
        DeclaredRelation.objects.create(
            election=election,
            member=place.members[1],
            relative=place.members[0],
            kind=RelationKind.SIBLING,
            declared_on=DAY,
            recorded_by=users.coordinator,
            recorded_at=AT,
        )


@pytest.mark.parametrize("who", ["foreign", "org_staff", "leader"])
def test_only_the_township_declares(prepared, place, users, who):
    with pytest.raises(Forbidden):
        declare(prepared[0].election, *place.members[:2], users, by=getattr(users, who))


def test_mistake_is_taken_out(prepared, place, users):
    made = declare(prepared[0].election, *place.members[:2], users)

    remove_relation(relation=made, by=users.coordinator, at=AT)

    assert codes(prepared[0].election) == []


def test_page_lists_and_refuses_in_words(prepared, place, users):
    election = prepared[0].election
    url, client = reverse("relation_list", args=[election.pk]), signed_in(users.coordinator)
    sent = {
        "action": "declare",
        "member": place.members[0].pk,
        "relative": place.members[0].pk,
        "kind": "spouse",
        "declared_on": DAY,
    }

    refused = client.post(url, sent)
    taken = client.post(url, sent | {"relative": place.members[1].pk})
    shown = client.get(url).content.decode()

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "请选择两名不同的党员" in refused.content.decode()
    assert "均为人选" in shown
    removed = client.post(url, {"action": "remove", "relation": DeclaredRelation.objects.get().pk})
    assert removed.status_code == 302
    assert not DeclaredRelation.objects.exists()
