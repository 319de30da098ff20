"""换届工作简报: the list, one issue, a new version of it."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from ..models import Bulletin
from ..permissions import can_produce, check_can_produce
from ..selectors.corrected import corrections_after, shown, with_corrected
from ..selectors.daily import COUNTERS, amended_since, with_amended
from ..services.jobs import request_bulletin
from .base import CampaignPage

PAGE = 20


class BulletinList(CampaignPage):
    def get(self, request, pk: int):
        rows = with_corrected(
            with_amended(Bulletin.objects.visible_to(request.user)), moment="produced_at", day="day"
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
        """Ask for today's bulletin now, or for a new version of it."""
        check_can_produce(request.user, self.campaign)
        job = request_bulletin(campaign=self.campaign, day=self.today, by=request.user, at=self.at)
        return redirect("job_detail", pk=job.pk)


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
            "amended": amended_since(bulletin),
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
