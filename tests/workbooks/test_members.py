"""The roster by workbook: compared field by field, written as a whole in few statements, or not at all."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from reporting.services.imports import import_now
from tests.factories.villages import identity_number
from tests.reporting.conftest import NOON, make_village
from villages.models import PartyMember, PostHeld
from villages.roster_import import import_members, plan_members
from villages.workbooks import MEMBERS
from workbooks import reading
from workbooks.plans import Change

from .conftest import HEADS, make_member, member_row

VILLAGE = "东乡镇201村"


def bring_in(world, path, *, by="staff", area=None, dry_run=False):
    return import_now(
        kind=MEMBERS,
        campaign=world.campaign,
        area=area or world.county,
        path=path,
        reason="",
        by=getattr(world.users, by),
        at=NOON,
        dry_run=dry_run,
    )


def plan(world, path, area=None):
    sheet = reading.read(path, MEMBERS)
    found = plan_members(
        sheet.rows,
        campaign=world.campaign,
        area=area or world.county,
        by=world.users.staff,
        at=NOON,
    )
    sheet.add(found.problems)
    return found, sheet.problems


def numbered(number, **changes) -> list:
    """示范甲 of the village with an identity number."""
    facts = {
        "name": "示范甲",
        "sex": "男",
        "born_on": date(1970, 1, 1),
        "joined_on": date(2000, 7, 1),
        "identity": number,
    }
    return member_row(VILLAGE, 1, **(facts | changes))


@pytest.fixture
def village(world):
    return world.elections[VILLAGE].village


def test_batch_with_wrong_rows_names_every_one_and_writes_nothing(world, xlsx):
    rows = [member_row(VILLAGE, number) for number in range(300)]
    wrong = {
        4: {"sex": "保密"},
        40: {"born_on": "1970-02-30"},
        90: {"joined_on": None},
        120: {"village": "没有的村"},
        200: {"joined_on": date(1955, 1, 1), "born_on": date(1950, 1, 1)},
        299: {"post": "书记"},
    }
    for number, changes in wrong.items():
        rows[number] = member_row(VILLAGE, number, **changes)
    rows.append(rows[10])

    plan, problems = bring_in(world, xlsx([HEADS, *rows]))

    assert [(p.row, p.letter, p.head) for p in problems] == [
        (6, "E", "性别"),
        (42, "F", "出生日期"),
        (92, "G", "入党日期"),
        (122, "B", "村（社区）"),
        (202, "G", "入党日期"),
        (301, "L", "任职日期"),
        (302, "D", "姓名"),
    ]
    assert all(p.message.endswith(("。", "》")) for p in problems)
    assert not PartyMember.objects.exists()

    right = [member_row(VILLAGE, number) for number in range(300)]
    plan, problems = bring_in(world, xlsx([HEADS, *right]))
    assert (len(plan.new), problems) == (300, [])
    assert PartyMember.objects.count() == 300

    plan, problems = bring_in(world, xlsx([HEADS, *right]))
    assert (plan.new, plan.changed, plan.unchanged, problems) == ([], [], 300, [])
    assert PartyMember.objects.count() == 300


def test_what_changes_is_shown_field_by_field_and_written(world, village, xlsx):
    member = make_member(village, phone="13800000000", is_women_director=False)
    PostHeld.objects.create(member=member, post="member", started_on=date(2021, 1, 1))
    row = member_row(
        VILLAGE,
        1,
        name="示范甲",
        sex="男",
        born_on=date(1970, 1, 1),
        joined_on="2000年7月1日",
        education="大专",
        phone=None,
        post="书记",
        post_since="2024-5-6",
    )
    path = xlsx([HEADS, row])

    found, problems = plan(world, path)
    assert problems == []
    assert [(e.row, e.label, e.changes) for e in found.changed] == [
        (
            2,
            "东乡镇东乡镇201村　示范甲",
            (
                Change("学历", "高中（中专）", "大专"),
                Change("联系电话", "13800000000", "（空）"),
                Change("现任职务", "委员（2021-01-01起）", "书记（2024-05-06起）"),
            ),
        )
    ]

    bring_in(world, path)
    member.refresh_from_db()
    assert (member.education, member.phone) == ("college", "")
    assert list(member.posts.order_by("pk").values_list("post", "started_on", "ended_on")) == [
        ("member", date(2021, 1, 1), date(2026, 10, 1)),
        ("secretary", date(2024, 5, 6), None),
    ]


def test_column_left_out_changes_nothing_and_a_post_kept_may_move_its_day(world, village, xlsx):
    member = make_member(village, phone="13800000000")
    post = PostHeld.objects.create(member=member, post="member", started_on=date(2021, 1, 1))
    heads = [
        "村",
        "姓 名",
        "性别",
        "出生年月日",
        "入党时间",
        "人员类别",
        "文化程度",
        "现任职务",
        "任职时间",
    ]
    row = [
        VILLAGE,
        "示范甲",
        "男",
        "19700101",
        "2000.7.1",
        "正式党员",
        "高中(中专)",
        "委员",
        "2021-2-2",
    ]

    bring_in(world, xlsx([["东乡镇党员名册"], [], heads, row]))

    member.refresh_from_db()
    post.refresh_from_db()
    assert (member.phone, post.started_on, post.ended_on) == ("13800000000", date(2021, 2, 2), None)
    assert PostHeld.objects.count() == 1


def test_those_not_in_the_sheet_are_listed_and_stay(world, village, xlsx):
    make_member(village, name="示范乙")
    make_member(village, name="示范丙", left_on=date(2025, 1, 1))
    make_member(world.elections["西乡镇201村"].village, name="示范丁")

    found, _ = bring_in(world, xlsx([HEADS, member_row(VILLAGE, 1)]))

    assert found.missing == ["东乡镇东乡镇201村　示范乙（1970-01-01出生）"]
    assert PartyMember.objects.filter(left_on__isnull=True).count() == 3


def test_coordinator_brings_in_the_own_township_only(world, xlsx):
    path = xlsx([HEADS, member_row(VILLAGE, 1), member_row("西乡镇201村", 2)])

    _found, problems = bring_in(world, path, by="east", area=world.east)

    assert [(p.row, p.message) for p in problems] == [
        (3, "东乡镇没有这个村（社区）：请核对名称，或填写12位代码。")
    ]
    with pytest.raises(Forbidden):
        bring_in(world, path, by="east")
    for who in ("leader", "discipline", "system"):
        with pytest.raises(Forbidden):
            import_members(
                [],
                campaign=world.campaign,
                area=world.county,
                by=getattr(world.users, who),
                at=NOON,
            )


def test_village_of_two_townships_needs_the_township_or_the_code(world, xlsx):
    for township in (world.east, world.west):
        village = make_village(township, 299)
        village.name = "同名村委会"
        village.save()
    path = xlsx(
        [
            HEADS,
            member_row("同名村", 1),
            member_row("同名村委会", 2, township="西乡镇"),
            member_row("随便写", 3, village_code=village.code),
            member_row("同名村", 4, village_code="320724999299"),
        ]
    )

    found, problems = plan(world, path)

    assert [e.label for e in found.new] == ["西乡镇同名村委会　示范2", "西乡镇同名村委会　示范3"]
    assert [(p.row, p.head) for p in problems] == [(2, "村（社区）"), (5, "村（社区）代码")]


def test_one_audit_row_for_each_township(world, xlsx):
    rows = [member_row(VILLAGE, n) for n in range(3)] + [member_row("西乡镇201村", 7)]
    bring_in(world, xlsx([HEADS, *rows]))

    entries = AuditEntry.objects.filter(action="roster.imported").order_by("township_id")
    assert [(e.township_id, len(e.changes["after"]["new"])) for e in entries] == [
        (world.east.pk, 3),
        (world.west.pk, 1),
    ]


def test_number_of_statements_does_not_grow_with_the_rows(world, xlsx):
    counts = []
    for size in (2, 200):
        path = xlsx([HEADS, *(member_row(VILLAGE, n + size * 1000) for n in range(size))])
        rows = reading.read(path, MEMBERS).rows
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_members(
                rows, campaign=world.campaign, area=world.county, by=world.users.staff, at=NOON
            )
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 16


def test_refusal_in_confirm_writes_nothing(world, xlsx):
    def no(plan):
        raise Refused

    rows = reading.read(xlsx([HEADS, member_row(VILLAGE, 1)]), MEMBERS).rows
    with pytest.raises(Refused):
        import_members(
            rows,
            campaign=world.campaign,
            area=world.county,
            by=world.users.staff,
            at=NOON + timedelta(days=1),
            confirm=no,
        )
    assert not PartyMember.objects.exists()


def test_texts_that_copy_could_trip_over_are_kept_as_written(world, xlsx):
    names = ["示\\N范", "示\\范", "示\t范", 'A"B', "\\."]
    bring_in(
        world, xlsx([HEADS, *(member_row(VILLAGE, n, name=name) for n, name in enumerate(names))])
    )

    assert list(PartyMember.objects.order_by("pk").values_list("name", flat=True)) == names


def test_identity_number_is_sealed_and_tells_people_apart(world, village, xlsx):
    number = identity_number("99000019700101001")
    bring_in(world, xlsx([HEADS, numbered(number)]))

    member = PartyMember.objects.get()
    assert member.identity_masked == f"**************{number[-4:]}"
    assert number not in str(list(PartyMember.objects.values()))

    # The name was written wrong: the number says who it is.
    found, problems = plan(world, xlsx([HEADS, numbered(number, name="示范改名")]))
    assert (found.new, problems) == ([], [])
    assert found.changed[0].changes == (Change("姓名", "示范甲", "示范改名"),)


def test_masked_number_of_an_export_changes_nothing(world, village, xlsx):
    number = identity_number("99000019700101001")
    bring_in(world, xlsx([HEADS, numbered(number)]))

    found, problems = plan(world, xlsx([HEADS, numbered(f"**************{number[-4:]}")]))

    assert (found.new, found.changed, found.unchanged, problems) == ([], [], 1, [])


@pytest.mark.parametrize(
    ("changes", "head", "why"),
    [
        ({"identity": "990000197001010012"}, "身份证号", "校验不符"),
        ({"born_on": date(1970, 1, 2)}, "身份证号", "出生日期与所填出生日期不一致"),
        ({"sex": "女"}, "身份证号", "性别与所填性别不一致"),
        ({"status": "留党察看"}, "党员类别", "留党察看、中止权利按起止日期和文号另行登记"),
        ({"further_origins": "返乡创业人员"}, "其他来源", "请先选主要来源"),
    ],
)
def test_rules_of_the_roster_are_asked_of_every_row(world, xlsx, changes, head, why):
    row = numbered(changes.pop("identity", identity_number("99000019700101001")), **changes)

    _, problems = plan(world, xlsx([HEADS, row]))

    assert [(p.row, p.head) for p in problems] == [(2, head)]
    assert why in problems[0].message
    assert "9900001970" not in str(problems)


def test_other_number_than_the_one_on_record_is_refused(world, village, xlsx):
    bring_in(world, xlsx([HEADS, numbered(identity_number("99000019700101001"))]))

    _, problems = plan(world, xlsx([HEADS, numbered(identity_number("99000019700101003"))]))
    assert [p.head for p in problems] == ["身份证号"]
    _, problems = plan(world, xlsx([HEADS, numbered(None, sex="女")]))
    assert [p.head for p in problems] == ["身份证号"]


def test_one_number_on_two_rows_is_named(world, xlsx):
    number = identity_number("99000019700101001")

    _, problems = plan(world, xlsx([HEADS, numbered(number), numbered(number, name="示范乙")]))

    assert [p.message for p in problems] == ["与第2行是同一个人（身份证号相同）：请只留一行。"]


def test_further_origins_are_kept(world, xlsx):
    row = numbered(None, origin="致富带富能手", further_origins="返乡创业人员、优秀复转军人")
    path = xlsx([HEADS, row])
    bring_in(world, path)

    assert PartyMember.objects.get().further_origins == ["returnee", "veteran"]
    assert plan(world, path)[0].unchanged == 1
