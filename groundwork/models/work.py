"""The organisation of the work itself: groups, links, meetings and their decisions, publicity, documents to read."""

from django.conf import settings
from django.db import models

from ..enums import CadreKind, GroupKind, PublicityKind, WorkMeetingKind
from .rows import AreaRow, VillageRow, in_order, once


class WorkGroup(AreaRow):
    """领导小组, 调研组, 指导组, 监督组, 宣传组 of the county or a township. Counts in 个."""

    kind = models.CharField("类别", max_length=12, choices=GroupKind.choices)
    name = models.CharField("名称", max_length=80)
    lead_unit = models.CharField("牵头单位", max_length=100)
    leader = models.CharField("组长", max_length=50)
    members = models.CharField("成员", max_length=500, blank=True)
    scope = models.CharField("负责区域", max_length=300, blank=True)
    duties = models.CharField("职责", max_length=500, blank=True)
    formed_on = models.DateField("成立日期")
    ended_on = models.DateField("撤销（结束）日期", null=True, blank=True)

    class Meta(AreaRow.Meta):
        verbose_name = "工作机构"
        constraints = [
            *AreaRow.Meta.constraints,
            once("work_group_once", "campaign", "area", "kind", "name"),
            in_order("work_group_ends_after_it_starts", "formed_on", "ended_on"),
        ]


class LeaderLink(AreaRow):
    """A leader of the county linked to a township (领导联系乡镇). Counts in 名."""

    name = models.CharField("姓名", max_length=50)
    post = models.CharField("职务", max_length=100)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta(AreaRow.Meta):
        verbose_name = "领导联系乡镇"
        constraints = [
            *AreaRow.Meta.constraints,
            once("leader_link_once", "campaign", "area", "name"),
            in_order("leader_link_ends_after_it_starts", "started_on", "ended_on"),
        ]


class VillageCadre(VillageRow):
    """包村干部, or 驻村督导 stationed in a difficult village. Counts in 名."""

    kind = models.CharField("类别", max_length=12, choices=CadreKind.choices)
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("单位及职务", max_length=100)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "包村干部、驻村督导"
        constraints = [
            *VillageRow.Meta.constraints,
            once("village_cadre_once", "election", "kind", "name"),
            in_order("village_cadre_ends_after_it_starts", "started_on", "ended_on"),
        ]


class WorkMeeting(AreaRow):
    """A meeting or training of the county or a township. Those of a village are elections.Meeting."""

    kind = models.CharField("类别", max_length=12, choices=WorkMeetingKind.choices)
    held_on = models.DateField("日期")
    subject = models.CharField("主题", max_length=100)
    present = models.PositiveIntegerField("参加人数")
    venue = models.CharField("地点", max_length=100, blank=True)
    host = models.CharField("主持人", max_length=50, blank=True)
    minutes = models.CharField("纪要", max_length=1000, blank=True)

    class Meta(AreaRow.Meta):
        verbose_name = "工作会议、培训"
        constraints = [
            *AreaRow.Meta.constraints,
            once("work_meeting_once", "campaign", "area", "kind", "held_on", "subject"),
        ]


class MeetingDecision(AreaRow):
    """What a meeting decided: who does it, by when, and whether it is done."""

    decided_on = models.DateField("会议日期")
    meeting = models.CharField("会议名称", max_length=100)
    matter = models.CharField("议定事项", max_length=300)
    responsible = models.CharField("责任人（单位）", max_length=100)
    due_on = models.DateField("完成期限")
    done_on = models.DateField("完成日期", null=True, blank=True)
    outcome = models.CharField("完成情况", max_length=300, blank=True)

    class Meta(AreaRow.Meta):
        verbose_name = "会议议定事项"
        constraints = [
            *AreaRow.Meta.constraints,
            once("meeting_decision_once", "campaign", "area", "decided_on", "matter"),
            in_order("decision_due_after_it_is_taken", "decided_on", "due_on"),
            in_order("decision_done_after_it_is_taken", "decided_on", "done_on"),
        ]


class PublicityItem(AreaRow):
    """操作手册, 通告, 漫画, 宣教片 and the like: how many copies, where, when. Counts in 份 (kinds of items)."""

    kind = models.CharField("类别", max_length=12, choices=PublicityKind.choices)
    title = models.CharField("名称", max_length=100)
    copies = models.PositiveIntegerField("份数")
    places = models.CharField("发放（张贴、播放）地点", max_length=300)
    issued_on = models.DateField("日期")

    class Meta(AreaRow.Meta):
        verbose_name = "宣传资料"
        constraints = [
            *AreaRow.Meta.constraints,
            once("publicity_item_once", "campaign", "area", "kind", "title", "issued_on"),
        ]


class GuidanceDocument(AreaRow):
    """A document of the county that every township reads (指导文件); who has read it is in its receipts."""

    title = models.CharField("文件名称", max_length=100)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文单位", max_length=100)
    issued_on = models.DateField("发文日期")
    summary = models.CharField("要点", max_length=1000, blank=True)

    class Meta(AreaRow.Meta):
        verbose_name = "指导文件"
        constraints = [
            *AreaRow.Meta.constraints,
            once("guidance_document_once", "campaign", "area", "title"),
        ]


class DocumentReceipt(models.Model):
    """One township has read a document."""

    document = models.ForeignKey(GuidanceDocument, models.PROTECT, related_name="receipts")
    township = models.ForeignKey("villages.Jurisdiction", models.PROTECT, related_name="+")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField("阅读时间")

    class Meta:
        verbose_name = "文件阅读回执"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "township"], name="one_receipt_per_township"
            )
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.document_id}"
