"""The lists that can be taken out as workbooks: who may, which rows "as filtered on the page", which columns.

Identity numbers are masked here or not among the columns; a list of people asks for a reason first.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from candidates.filters import CandidacyFilter
from candidates.models import Candidacy
from elections.models import Campaign
from villages.enums import Education, MemberStatus, Origin, Post, Sex
from villages.filters import MemberFilter
from villages.models import Jurisdiction, PartyMember, PostHeld, Village
from villages.models.identity import masked_number
from villages.scoping import area_q_of
from workbooks.tables import write_table

from ..filters import VillageFilter
from . import progress
from .export_types import CHUNK, Export, Selection, heads, in_words
from .ground_exports import GROUND_EXPORTS
from .table_exports import TABLE_EXPORTS

#: Longer lists are written in the background.
DIRECT_ROWS = 5000


def _members(user, campaign, query, today) -> Selection:
    """The present members: of one village (`village`), of a township (`township`), or of the campaign's whole area."""
    rows = (
        PartyMember.objects.visible_to(user)
        .current()
        .filter(area_q_of(campaign.area, prefix="village__"))
        .with_standing(on=today)
    )
    area = ""
    if query.get("village", "").isdigit():
        rows = rows.filter(village=query["village"])
        village = Village.objects.visible_to(user).filter(pk=query["village"]).first()
        area = village.name if village else ""
    elif query.get("township", "").isdigit():
        rows = rows.filter(village__township=query["township"])
        township = Jurisdiction.objects.visible_to(user).filter(pk=query["township"]).first()
        area = township.name if township else ""
    found = MemberFilter(query, queryset=rows, today=today)
    ordered = found.qs.order_by("village__code", "pk")
    return Selection(ordered, in_words(found), area)


_YES_NO = {True: "是", False: "否"}


def _member_lines(rows: QuerySet, today: date) -> Iterable[tuple]:
    """In the columns of the import, so that a corrected export can be brought in again. Plain values, not objects: there
    may be tens of thousands."""
    held: dict[int, tuple] = {}
    posts = PostHeld.objects.filter(ended_on__isnull=True, member__in=rows.order_by())
    for member_id, post, since in posts.order_by("pk").values_list("member", "post", "started_on"):
        held.setdefault(member_id, (Post(post).label, since))
    sexes, statuses = dict(Sex.choices), dict(MemberStatus.choices)
    educations, origins = dict(Education.choices), {"": "", **dict(Origin.choices)}
    for (
        pk,
        *place,
        name,
        sex,
        born,
        joined,
        status,
        education,
        origin,
        director,
        head,
        phone,
        sealed,
        further,
        standing,
    ) in rows.values_list(
        *("pk", "village__township__name", "village__name", "village__code"),
        *("name", "sex", "born_on", "joined_on", "status", "education", "origin"),
        *("is_women_director", "heads_village_committee", "phone"),
        *("identity_sealed", "further_origins", "standing"),
    ).iterator(chunk_size=CHUNK):
        yield (
            *place,
            name,
            sexes[sex],
            born,
            joined,
            statuses[status],
            educations[education],
            origins[origin],
            *held.get(pk, ("", None)),
            _YES_NO[director],
            _YES_NO[head],
            phone,
            masked_number(sealed),
            "、".join(origins[code] for code in further),
            "" if standing == status else statuses[standing],
        )


def _people(user, campaign, query, today) -> Selection:
    townships = Jurisdiction.objects.filter(
        pk__in=[row.township_id for row in progress.townships(user, campaign)]
    )
    rows = (
        Candidacy.objects.visible_to(user)
        .filter(election__campaign=campaign)
        .select_related("member", "election__village", "election__township")
        .order_by("election__village__code", "rank", "pk")
    )
    found = CandidacyFilter(query, queryset=rows, townships=townships)
    return Selection(found.qs, in_words(found), "")


def _people_lines(rows: QuerySet, today: date) -> Iterable[tuple]:
    for c in rows.iterator(chunk_size=CHUNK):
        yield (
            c.election.township.name,
            c.election.village.name,
            c.member.name,
            c.member.get_sex_display(),
            c.member.born_on,
            c.member.get_education_display(),
            c.member_votes,
            c.villager_votes,
            c.get_nominated_post_display() if c.nominated_post else "",
            c.get_status_display(),
            "递补" if c.is_replacement else "",
        )


def _villages(user, campaign, query, today) -> Selection:
    found = VillageFilter(
        query,
        queryset=progress.village_rows(user, campaign),
        today=today,
        townships=progress.townships(user, campaign),
    )
    return Selection(found.qs, in_words(found), "")


def _village_lines(rows: QuerySet, today: date) -> Iterable[tuple]:
    for row in rows.iterator(chunk_size=CHUNK):
        line = progress.village_line(row, today=today)
        yield (
            row.township.name,
            row.village.name,
            row.village.code,
            row.village.get_kind_display(),
            line.grade.label if line.grade else "",
            "全部办结" if row.completed_on else row.get_stage_display(),
            "已完成" if row.completed_on else line.state.label,
            line.waits_for,
            None if row.completed_on else row.due_on,
            line.days_late,
            row.done_count,
            row.completed_on,
        )


_PLACE = (("乡镇", 14), ("村（社区）", 22))
_LISTS = (
    Export(
        "members",
        "党员名册",
        True,
        "village_list",
        heads(
            *_PLACE,
            ("村（社区）代码", 16),
            ("姓名", 12),
            ("性别", 6),
            ("出生日期", 12),
            ("入党日期", 12),
            ("党员类别", 12),
            ("学历", 14),
            ("主要来源", 16),
            ("现任职务", 10),
            ("任职日期", 12),
            ("妇代会主任", 11),
            ("村（居）委会主任", 16),
            ("联系电话", 16),
            ("身份证号", 20),
            ("其他来源", 20),
            ("村（居）委会副主任、委员", 24),
            ("权利受限", 12),
        ),
        _members,
        _member_lines,
    ),
    Export(
        "people",
        "人选库",
        True,
        "people_list",
        heads(
            *_PLACE,
            ("姓名", 12),
            ("性别", 6),
            ("出生日期", 12),
            ("学历", 14),
            ("党员推荐票", 11),
            ("群众推荐票", 11),
            ("拟任职务", 12),
            ("状态", 16),
            ("备注", 10),
        ),
        _people,
        _people_lines,
    ),
    Export(
        "villages",
        "村（社区）进度",
        False,
        "village_list",
        heads(
            *_PLACE,
            ("村（社区）代码", 16),
            ("类别", 8),
            ("选情研判", 9),
            ("当前环节", 28),
            ("状态", 10),
            ("等谁", 28),
            ("计划日期", 12),
            ("逾期工作日", 11),
            ("已办结环节", 11),
            ("完成日期", 12),
        ),
        _villages,
        _village_lines,
    ),
)


EXPORTS: dict[str, Export] = {
    export.code: export for export in (*_LISTS, *GROUND_EXPORTS, *TABLE_EXPORTS)
}


def write_export(
    out,
    *,
    export: Export,
    campaign: Campaign,
    selection: Selection,
    count: int,
    place: str,
    by: User,
    at: datetime,
    reason: str,
) -> int:
    """Write a list with its block of facts; returns the number of rows."""
    moment = timezone.localtime(at)
    facts = [
        ("换届工作", campaign.name),
        ("范围", selection.area or place),
        ("筛选", "；".join(f"{k}：{v}" for k, v in selection.filters) or "无（全部）"),
        ("数据截至", f"{moment:%Y-%m-%d %H:%M}"),
        ("条数", str(count)),
        ("导出人", f"{by.name}（{by.username}）"),
    ]
    if reason:
        facts.append(("用途", reason))
    return write_table(
        out,
        title=export.title,
        facts=facts,
        headings=export.headings,
        rows=export.lines(selection.rows, moment.date()),
    )
