"""Stage pages over HTTP: what they send, who may, how a refusal comes back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elections.enums import Stage, StageStatus
from elections.models import (
    Evidence,
    ExceptionRequest,
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    StageOverride,
    StageRecord,
    VillageElection,
)
from tests.factories.elections import MEETINGS, record_facts

from .pages import OWN, PDF, campaign_around_today, moved, page, upload


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def sent_facts(stage, today) -> dict:
    """A valid form of each stage."""
    day = today.isoformat()
    papers = {
        f"{kind}_{part}": value
        for kind in ("request", "reply", "filing")
        for part, value in (("number", "1号"), ("on", day))
    }
    return {
        Stage.PETITION: papers
        | {"committee_seats": 3, "deputy_seats": 0, "organisation_kind": "branch"}
        | {"term_ends_on": day, "shift_approval": "示例〔2026〕9号"},
        Stage.MOBILISATION: {f"{k}_on": day for k in MEETINGS}
        | {f"{k}_present": 9 for k in MEETINGS},
        Stage.ROSTER: {
            "published_on": day,
            "representatives": 30,
            "representatives_published_on": day,
        },
        Stage.NOTICE: {
            "starts_on": day,
            "ends_on": (today + timedelta(days=9)).isoformat(),
            "place": "栏",
        },
        Stage.APPROVAL: papers,
        Stage.ANNOUNCEMENT: {"starts_on": day, "place": "栏"},
        Stage.HANDOVER: {
            "handed_on": day,
            "from_name": "甲",
            "to_name": "乙",
            "witness": "丙",
            "items": "公章",
        },
    }[stage] | {"action": "facts"}


STORED = {
    Stage.PETITION: (OfficialDocument, 2),
    Stage.MOBILISATION: (Meeting, 3),
    Stage.ROSTER: (Roll, 1),
    Stage.NOTICE: (Notice, 1),
    Stage.APPROVAL: (OfficialDocument, 3),
    Stage.ANNOUNCEMENT: (Notice, 1),
    Stage.HANDOVER: (Handover, 1),
}


@pytest.mark.parametrize("stage", OWN)
def test_coordinator_records_the_facts(client, election, users, today, stage):
    moved(election, stage, today)
    client.force_login(users.coordinator)

    response = client.post(page(election, stage), sent_facts(stage, today))

    assert (response.status_code, response.url) == (302, page(election, stage))
    model, count = STORED[stage]
    assert model.objects.filter(election=election).count() == count


@pytest.mark.parametrize("stage", OWN)
@pytest.mark.parametrize("who", ["org_staff", "leader"])
def test_others_in_the_area_are_forbidden_to_record(client, election, users, today, stage, who):
    moved(election, stage, today)
    client.force_login(getattr(users, who))

    assert client.post(page(election, stage), sent_facts(stage, today)).status_code == 403
    assert STORED[stage][0].objects.count() == 0


@pytest.mark.parametrize("stage", OWN)
def test_facts_of_a_stage_not_open_are_refused_with_the_reason(
    client, election, users, today, stage
):
    client.force_login(users.coordinator)

    response = client.post(page(election, stage), sent_facts(stage, today))

    assert response.status_code == 422
    assert any("现在不能登记" in message for message in response.context["refusals"])
    assert STORED[stage][0].objects.count() == 0


def test_refused_form_comes_back_with_what_was_typed(client, election, users, today):
    moved(election, Stage.PETITION, today)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.PETITION), sent_facts(Stage.PETITION, today) | {"committee_seats": 9}
    )

    assert response.status_code == 422
    assert response.context["refusals"] == ["委员会职数为9，应在3至7名之间：请改正职数。"]
    assert response.context["forms"]["facts"]["committee_seats"].value() == "9"


def test_exclusions_are_sent_with_the_roll(client, election, users, place, today):
    moved(election, Stage.ROSTER, today)
    client.force_login(users.coordinator)
    day = today.isoformat()
    sent = sent_facts(Stage.ROSTER, today) | {
        f"exclude_{place.members[2].pk}": "abroad",
        "superior_agreed_on": day,
    }

    refused = client.post(page(election, Stage.ROSTER), sent)
    client.post(page(election, Stage.ROSTER), sent | {"adopted_on": day})

    assert refused.status_code == 422
    assert place.members[2].name in refused.context["refusals"][0]
    roll = Roll.objects.get(election=election)
    assert (roll.voters, roll.due) == (8, 7)
    assert roll.entries.get(exclusion="abroad").member == place.members[2]


def test_submit_confirm_and_return_over_the_page(client, election, users, place, today):
    election = moved(election, Stage.PETITION, today)
    record_facts(election, Stage.PETITION, by=users.coordinator, at=timezone.now())
    url = page(election, Stage.PETITION)
    client.force_login(users.coordinator)
    for need in ("request", "reply"):
        file = SimpleUploadedFile("扫描件.pdf", PDF)
        response = client.post(url, {"action": "evidence", "requirement": need, "file": file})
        assert response.status_code == 302

    version = client.get(url).context["forms"]["submit"]["version"].value()
    assert client.post(url, {"action": "submit", "version": version}).status_code == 302
    client.force_login(users.org_staff)
    back = {"action": "return", "version": version + 1, "reason": "文号不符"}
    assert client.post(url, back).status_code == 302
    client.force_login(users.coordinator)
    html = client.get(url).content.decode()
    assert "文号不符" in html
    assert "第2次办理" in html
    client.post(url, {"action": "submit", "version": version + 2})
    client.force_login(users.org_staff)
    client.post(url, {"action": "confirm", "version": version + 3})

    record = StageRecord.objects.get(election=election, stage=Stage.PETITION, is_current=True)
    assert (record.status, record.attempt) == (StageStatus.DONE, 2)
    assert VillageElection.objects.get(pk=election.pk).stage == Stage.MOBILISATION


def test_stale_page_is_answered_409(client, election, users, today):
    moved(election, Stage.MOBILISATION, today)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.MOBILISATION), {"action": "submit", "version": election.version + 5}
    )

    assert response.status_code == 409
    assert "刚被他人办理" in response.context["refusals"][0]


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        ("coordinator", "confirm", 403),
        ("coordinator", "return", 403),
        ("coordinator", "decide_exception", 403),
        ("leader", "confirm", 403),
        ("org_staff", "submit", 403),
        ("org_staff", "evidence", 403),
        ("org_staff", "withdraw_evidence", 403),
        ("org_staff", "exception", 403),
        ("org_staff", "replace_evidence", 403),
        ("coordinator", "override", 403),
        ("coordinator", "withdraw_override", 403),
        ("leader", "override", 403),
        ("foreign", "override", 404),
        ("outsider", "override", 404),
        ("foreign", "submit", 404),
        ("outsider", "confirm", 404),
    ],
)
def test_actions_by_role(client, election, users, today, who, action, status):
    moved(election, Stage.PETITION, today, status=StageStatus.SUBMITTED)
    client.force_login(getattr(users, who))

    response = client.post(page(election, Stage.PETITION), {"action": action, "version": 0})

    assert response.status_code == status


def test_unknown_action_changes_nothing(client, election, users):
    client.force_login(users.coordinator)

    response = client.post(page(election, Stage.PETITION), {"action": "delete"})

    assert response.status_code == 302


def test_withdrawn_file_stays_readable(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    evidence = upload(election, users)
    client.force_login(users.coordinator)

    client.post(
        page(election, Stage.PETITION), {"action": "withdraw_evidence", "evidence": evidence.pk}
    )

    assert Evidence.objects.get().replaced_at is not None
    html = client.get(page(election, Stage.PETITION)).content.decode()
    assert "请示.pdf" in html
    assert "撤下" in html


def test_new_version_takes_the_place_of_a_file(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    first = upload(election, users)
    client.force_login(users.coordinator)
    url = page(election, Stage.PETITION)
    sent = {"action": "replace_evidence", "evidence": first.pk}

    refused = client.post(url, sent | {"file": SimpleUploadedFile("请示二.docx", PDF)})
    done = client.post(url, sent | {"file": SimpleUploadedFile("请示二.pdf", PDF + b" second")})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert refused.context["refusals"] == [
        "“请示二.docx”的内容与扩展名不符：请上传原始文件，不要改扩展名。"
    ]
    html = client.get(url).content.decode()
    assert "第2版" in html
    assert "以前的1版" in html
    assert html.count(str(first.pk)) == 1  # only to be read: no longer replaced or withdrawn
    assert str(Evidence.objects.get(version=2).pk) in html


@pytest.mark.parametrize("action", ["withdraw_evidence", "replace_evidence"])
def test_file_of_another_village_is_not_touched(client, election, users, today, place, action):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    other = VillageElection.objects.get(village=place.other_village)
    moved(other, Stage.PETITION, today)
    client.force_login(users.foreign)
    sent = {"action": action, "evidence": evidence.pk, "file": SimpleUploadedFile("一.pdf", PDF)}

    assert client.post(page(other, Stage.PETITION), sent).status_code == 404
    assert Evidence.objects.get().replaced_at is None


def test_file_of_another_stage_is_not_withdrawn(client, election, users, today):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.MOBILISATION),
        {"action": "withdraw_evidence", "evidence": evidence.pk},
    )

    assert response.status_code == 404
    assert Evidence.objects.get().replaced_at is None


def test_county_decides_an_exception_on_the_page(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    asked = ExceptionRequest.objects.create(
        election=election,
        stage=Stage.PETITION,
        code="women",
        reason="没有女党员",
        requested_by=users.coordinator,
        requested_at=timezone.now(),
    )
    client.force_login(users.org_staff)
    url = page(election, Stage.PETITION)
    sent = {"action": "decide_exception", "exception": asked.pk, "approved": "0", "note": ""}

    refused = client.post(url, sent)
    done = client.post(url, sent | {"approved": "1"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert refused.context["refusals"] == ["不同意时请写明意见。"]
    asked.refresh_from_db()
    assert (asked.approved, asked.decided_by) == (True, users.org_staff)


def test_several_files_are_stored_together_or_not_at_all(client, election, users, today):
    moved(election, Stage.PETITION, today)
    client.force_login(users.coordinator)
    good = [SimpleUploadedFile(f"第{n}页.pdf", PDF) for n in (1, 2)]
    bad = [SimpleUploadedFile("第1页.pdf", PDF), SimpleUploadedFile("第2页.pdf", b"MZ")]
    sent = {"action": "evidence", "requirement": "request"}

    refused = client.post(page(election, Stage.PETITION), sent | {"file": bad})
    assert refused.status_code == 422
    assert "第2页.pdf" in refused.context["refusals"][0]
    assert Evidence.objects.count() == 0

    client.post(page(election, Stage.PETITION), sent | {"file": good})
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["第1页.pdf", "第2页.pdf"]


@pytest.mark.parametrize("sent", [{}, {"file": SimpleUploadedFile("空.pdf", b"")}])
def test_upload_without_content_is_refused(client, election, users, today, sent):
    moved(election, Stage.PETITION, today)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.PETITION), {"action": "evidence", "requirement": "request"} | sent
    )

    assert response.status_code == 422
    assert len(response.context["refusals"]) == 1


def test_page_shows_digest_and_earlier_versions_of_the_roll(client, election, users, place, today):
    moved(election, Stage.ROSTER, today)
    client.force_login(users.coordinator)
    url = page(election, Stage.ROSTER)
    sent = sent_facts(Stage.ROSTER, today)
    client.post(url, sent | {"version": 0})
    place.members[0].name = "改名甲"
    place.members[0].save()

    stale = client.post(url, sent | {"version": 0})
    client.post(url, sent | {"version": 1})

    assert stale.status_code == 409
    assert "刚被他人核定为第1版" in stale.context["refusals"][0]
    second, first = Roll.objects.filter(election=election).order_by("-version")
    client.force_login(users.leader)
    html = client.get(url).content.decode()
    for roll in (first, second):
        assert f"{roll.sha256[:12]}<span" in html
        assert roll.sha256[12:] in html
    assert "以前核定的名册" in html
    assert (html.count("改名甲"), html.count(place.members[1].name)) == (1, 2)


def test_roll_page_takes_the_same_queries_for_one_version_and_three(client, election, users, today):
    moved(election, Stage.ROSTER, today)
    client.force_login(users.coordinator)
    url, counts = page(election, Stage.ROSTER), []
    for version in range(3):
        client.post(url, sent_facts(Stage.ROSTER, today) | {"version": version})
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_county_overrides_on_the_page_and_takes_it_back(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    record_facts(election, Stage.PETITION, by=users.coordinator, at=timezone.now())
    url = page(election, Stage.PETITION)
    client.force_login(users.org_staff)
    missing = [b.message for b in client.get(url).context["overridable"]]
    sent = {"action": "override", "messages": missing, "document_number": "示例组发1号"}

    refused = client.post(url, sent | {"reason": "示例", "document_number": " "})
    firm = client.post(url, sent | {"reason": "示例", "messages": ["未核定职数。"]})
    done = client.post(url, sent | {"reason": "示例：整村搬迁"})

    assert (refused.status_code, firm.status_code, done.status_code) == (422, 422, 302)
    ticked = refused.content.decode().count(" checked")
    assert ticked == len(missing) == 2
    client.force_login(users.coordinator)
    html = client.get(url).content.decode()
    assert 'id="blockers"' not in html
    for words in ("已特批", "示例组发1号", "示例：整村搬迁", "特批放行", *missing):
        assert words in html
    assert 'value="withdraw_override"' not in html

    client.force_login(users.org_staff)
    override = StageOverride.objects.get()
    back = {"action": "withdraw_override", "override": override.pk, "reason": "示例：已补齐"}
    assert client.post(url, back).status_code == 302
    html = client.get(url).content.decode()
    assert "示例：已补齐" in html
    assert 'id="blockers"' in html


def test_override_of_another_village_is_not_withdrawn(client, election, users, today, place):
    other = VillageElection.objects.get(village=place.other_village)
    override = StageOverride.objects.create(
        election=other,
        stage=Stage.PETITION,
        attempt=1,
        lifted=[{"code": "x", "message": "示例"}],
        reason="示例",
        document_number="1号",
        by=users.org_staff,
        by_name="示例",
        at=timezone.now(),
    )
    moved(election, Stage.PETITION, today)
    client.force_login(users.org_staff)

    response = client.post(
        page(election, Stage.PETITION),
        {"action": "withdraw_override", "override": override.pk, "reason": "示例"},
    )

    assert response.status_code == 404


def test_waiting_stage_leads_to_where_the_village_stands(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    client.force_login(users.coordinator)

    html = client.get(page(election, Stage.ROSTER)).content.decode()

    panel = html[html.index('id="blockers"') :].split("</section>")[0]
    assert f'href="{page(election, Stage.MOBILISATION)}">4 动员培训、纪律教育</a>' in panel
    assert f'href="{page(election, Stage.PETITION)}">3 请示与批复</a>' in panel
    assert f'href="{page(election, Stage.PETITION)}#evidence"' in panel
    assert "未登记请示的文号和日期。" in panel
