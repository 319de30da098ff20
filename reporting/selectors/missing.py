"""What the closing report lacks: records that are not there yet, each with the page where they are entered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from elections.models import Campaign


@dataclass(frozen=True)
class Missing:
    words: str
    url: str


def _none(value) -> bool:
    return not value


def _unknown(value) -> bool:
    return value is None


def _some(value) -> bool:
    return bool(value)


def _part(value: dict) -> bool:
    return value["numerator"] < value["denominator"]


#: indicator → when something is missing, in words ({} is the figure), the page, and what its address says.
_CHECKS: tuple[tuple[str, Callable, str, str, dict], ...] = (
    ("research_groups", _none, "调研组没有登记", "ledger_list", {"code": "groups"}),
    ("surveys_incomplete", _some, "{}个村（社区）“七个清楚”没有全部完成", "survey_list", {}),
    ("contingency_plans_missing", _some, "{}个村没有“一村一策”预案", "ledger_list", {"code": "plans"}),
    ("departure_audits", _part, "离任经济责任审计没有全部公布", "ledger_list", {"code": "audits"}),
    ("reserve_cadres", _none, "后备干部没有登记", "reserve_list", {}),
    ("leading_groups", _none, "领导小组没有登记", "ledger_list", {"code": "groups"}),
    ("mobilised_on", _none, "全县动员会没有登记", "ledger_list", {"code": "meetings"}),
    ("trainings", _none, "业务培训没有登记", "ledger_list", {"code": "meetings"}),
    ("townships_without_leader", _some, "{}个乡镇（街道）没有联系领导", "ledger_list",
     {"code": "leader_links"}),
    ("villages_without_cadre", _some, "{}个村（社区）没有包村干部", "ledger_list",
     {"code": "village_cadres"}),
    ("difficult_without_staff", _some, "{}个难点村、重点村、后进村没有驻村督导", "ledger_list",
     {"code": "village_cadres"}),
    ("publicity_items", _none, "宣传资料没有登记", "ledger_list", {"code": "publicity"}),
    ("daily_reports_on_time", _part, "日报没有全部按时上报", "bulletin_list", {}),
    ("talks_missing", _some, "{}名预备人选没有集体谈话记录", "indicator_rows", {"key": "talks_missing"}),
    ("pledges_missing", _some, "{}名预备人选没有签纪律承诺书", "indicator_rows",
     {"key": "pledges_missing"}),
    ("complaints_last_term", _unknown, "上届信访件数没有登记（由纪检信访专员登记）", "indicator_rows",
     {"key": "complaints_last_term"}),
)  # fmt: skip


def missing(campaign: Campaign, figures: dict) -> list[Missing]:
    """What the figures of a report show to be missing, in the report's order."""
    found = []
    for key, lacks, words, name, where in _CHECKS:
        if key in figures and lacks(figures[key]):
            url = reverse(name, kwargs={"pk": campaign.pk, **where})
            found.append(Missing(words.format(figures[key]), url))
    return found
