"""换届工作简报: the list, one issue, a new version of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from ..models import Bulletin
from ..permissions import can_produce, check_can_produce
from ..selectors.corrected import corrections_after, shown, with_corrected
from ..selectors.daily import COUNTERS
from ..services.bulletins import produce_bulletin
from .base import CampaignPage

PAGE = 20


class BulletinList(CampaignPage):
    def get(self, request, pk: int):
        rows = with_corrected(
            Bulletin.objects.visible_to(request.user), moment="produced_at", day="day"
        ).filter(campaign=self.campaign)
        page = Paginator(rows.order_by("-day"), PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "page": page,
            "may_produce": can_produce(request.user, self.campaign),
            "today": self.today,
        }
        return render(request, "reporting/bulletin_list.html", context)

    def post(self, request, pk: int):
        """Produce today's bulletin now, or a new version of it."""
        check_can_produce(request.user, self.campaign)
        bulletin = produce_bulletin(
            campaign=self.campaign, day=self.today, by=request.user, at=self.at, again=True
        )
        messages.success(request, f"已生成第{bulletin.issue}期（第{bulletin.version}版）。")
        return redirect("bulletin_detail", pk=pk, issue=bulletin.issue)


class BulletinDetail(CampaignPage):
    def get(self, request, pk: int, issue: int):
        bulletin = get_object_or_404(
            with_corrected(
                Bulletin.objects.visible_to(request.user), moment="produced_at", day="day"
            ),
            campaign=self.campaign,
            issue=issue,
        )
        corrected = []
        if bulletin.is_corrected:
            rows = corrections_after(self.campaign, moment=bulletin.produced_at, day=bulletin.day)
            corrected = shown(rows.visible_to(request.user))
        heads = [(key, label) for key, (label, _) in COUNTERS.items()]
        rows = [
            {**row, "cells": [(row[f"total_{key}"], row[f"day_{key}"]) for key, _ in heads]}
            for row in bulletin.rows
        ]
        sums = [
            (bulletin.summary[f"total_{key}"], bulletin.summary[f"day_{key}"]) for key, _ in heads
        ]
        context = {
            "campaign": self.campaign,
            "bulletin": bulletin,
            "heads": heads,
            "rows": rows,
            "sums": sums,
            "told": [row for row in rows if row["problems"] or row["practices"]],
            "corrected": corrected,
            "chat": chat_text(self.campaign, bulletin),
        }
        return render(request, "reporting/bulletin_detail.html", context)


def chat_text(campaign, bulletin: Bulletin) -> str:
    """The bulletin as plain text for a chat group."""
    s = bulletin.summary
    lines = [
        f"【{campaign.name}简报第{bulletin.issue}期】{bulletin.day:%m月%d日}",
        f"应换届{s['elections']}个，已完成{s['total_completed']}个（当日{s['day_completed']}个），"
        f"完成率{s['completed_share']}。",
        f"已选举{s['total_elected']}个（当日{s['day_elected']}个），已公示{s['total_noticed']}个，"
        f"已考察{s['total_inspected']}个，已联审{s['total_reviewed']}个。",
        "进度前三：" + "、".join(row["township"] for row in bulletin.rows[:3]) + "。",
    ]
    if bulletin.unreported:
        lines.append(f"未上报日报：{'、'.join(bulletin.unreported)}。")
    else:
        lines.append("各乡镇日报均已上报。")
    return "\n".join(lines)
