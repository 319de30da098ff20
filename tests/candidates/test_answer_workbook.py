"""A department answers by workbook: three hundred people, every wrong row named, nothing half-written, safe to repeat."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from candidates.enums import ReviewLevel, ReviewResult
from candidates.models import NegativeRule, Review, ReviewAsk, ReviewOpinion
from candidates.services import negative_list
from elections.enums import Stage
from tests.factories.villages import PartyMemberFactory, identity_number
from villages.enums import Sex
from villages.models.identity import sealed_fields

from .joint import COURT, POLICE, joint_of
from .people import AT, DAY, stand
from .test_views import signed_in

PEOPLE = 300
ANSWER, RULE, REASON = "H", "I", "J"


@pytest.fixture
def joint(at, campaign, place, users):
    """Three hundred people of one village, sent to every department."""
    members = PartyMemberFactory.create_batch(PEOPLE, village=place.village)
    people = stand(at(Stage.REVIEW), members)
    joint = joint_of(
        campaign, staff=users.org_staff, coordinator=users.coordinator, place=place.county
    )
    negative_list.load_sample(campaign=campaign, by=users.org_staff, at=AT)
    Review.objects.bulk_create(
        Review(
            candidacy=person,
            level=ReviewLevel.TOWNSHIP,
            result=ReviewResult.PASSED,
            decided_on=DAY,
            decided_by=users.coordinator,
        )
        for person in people
    )
    joint.send(*people)
    joint.people = people
    return joint


@pytest.fixture
def client(joint):
    return signed_in(joint.users[POLICE])


def urls(joint) -> tuple[str, str]:
    task = joint.task(POLICE, joint.people[0])
    return reverse("review_task", args=[task.pk]), reverse("review_task_workbook", args=[task.pk])


def download(client, joint):
    answer = client.get(urls(joint)[1])
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def upload(client, joint, book):
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("答复表.xlsx", out.getvalue())
    return client.post(urls(joint)[0], {"action": "workbook", "file": file})


def test_three_hundred_people_with_wrong_rows(client, joint):
    book = download(client, joint)
    sheet = book.active
    code = NegativeRule.objects.first().code
    for row in range(2, PEOPLE + 2):
        sheet[f"{ANSWER}{row}"] = "无异议"
    sheet[f"{ANSWER}20"], sheet[f"{RULE}20"] = "有异议", code  # no reason
    sheet[f"{ANSWER}40"], sheet[f"{REASON}40"] = "有异议", "示例"  # no rule
    sheet[f"{ANSWER}60"] = "不清楚"
    sheet["A80"] = sheet["A81"].value
    sheet["A100"] = 10**9

    refused = upload(client, joint, book)

    shown = refused.content.decode()
    assert refused.status_code == 422
    for place in ("第20行J列", "第40行I列", "第60行H列", "第80行D列", "第100行A列"):
        assert place in shown
    assert not ReviewOpinion.objects.exists()

    book = download(client, joint)
    sheet = book.active
    for row in range(2, PEOPLE + 2):
        sheet[f"{ANSWER}{row}"] = "无异议"
    sheet[f"{ANSWER}20"], sheet[f"{RULE}20"], sheet[f"{REASON}20"] = "有异议", code, "示例"
    sheet[f"{ANSWER}21"] = None
    sheet[f"{REASON}22"] = "已核"
    assert upload(client, joint, book).status_code == 302
    assert ReviewOpinion.objects.count() == PEOPLE - 1
    asks = ReviewAsk.objects.filter(department__name=POLICE)
    assert asks.filter(state="objection").count() == 1
    assert asks.filter(state="open").count() == 1
    assert ReviewAsk.objects.filter(department__name=COURT, state="open").count() == PEOPLE

    assert upload(client, joint, book).status_code == 302
    assert upload(client, joint, download(client, joint)).status_code == 302
    assert ReviewOpinion.objects.count() == PEOPLE - 1, "the same again changes nothing"


def test_workbook_says_who_and_no_more(client, joint):
    number = identity_number("99000019700101001")
    member = joint.people[0].member
    member.sex = Sex.MALE
    for name, value in sealed_fields(number).items():
        setattr(member, name, value)
    member.save()
    joint.answer(COURT, joint.people[0], state="objection", rule=NegativeRule.objects.first().pk)

    cells = [str(c.value) for row in download(client, joint).active.iter_rows() for c in row]

    assert f"**************{number[-4:]}" in cells
    assert number not in "".join(cells)
    assert "有异议" not in cells, "the court's answer is the court's"


def test_only_the_department_s_own_task(joint, users):
    for user in (users.org_staff, users.coordinator, users.leader):
        assert signed_in(user).get(urls(joint)[1]).status_code in (403, 404)
    assert signed_in(joint.users[COURT]).get(urls(joint)[1]).status_code == 404


def test_something_else_than_a_workbook_is_refused(client, joint):
    file = SimpleUploadedFile("答复表.xlsx", b"<html>")
    refused = client.post(urls(joint)[0], {"action": "workbook", "file": file})

    assert refused.status_code == 422
    assert "网页" in refused.content.decode()
