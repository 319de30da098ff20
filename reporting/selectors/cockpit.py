"""What a role needs first on the dashboard: the lines on top, each with the page where it is dealt with."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.enums import Role
from candidates.models import Candidacy, ReviewAsk, VettingDepartment
from elections.enums import StageStatus
from elections.holidays import CALENDAR
from elections.models import Campaign, StageRecord, VillageElection
from elections.querysets import counted
from elections.rules import last_working_day
from groundwork.enums import Grade
from groundwork.selectors.duties import open_duties
from villages.scoping import has_role, postings_of

from ..enums import ReportApproval
from ..models import Bulletin, DailyReport
from ..permissions import can_see_departments
from . import progress
from .burnup import BurnUp


class Desk(StrEnum):
    """Whose cockpit the dashboard is."""

    STAFF = "staff"
    COORDINATOR = "coordinator"
    LEADER = "leader"


@dataclass(frozen=True)
class Line:
    """One thing to look at. `tone`: danger, warning, done or nothing; `icon` says the same without colour. `action`: the
    words of a button instead of a link."""

    icon: str
    text: str
    url: str
    note: str = ""
    tone: str = ""
    action: str = ""


def desk_of(user) -> Desk:
    """Of somebody with several roles, the one that has most to do."""
    if has_role(user, Role.ORG_STAFF):
        return Desk.STAFF
    return Desk.COORDINATOR if has_role(user, Role.COORDINATOR) else Desk.LEADER


def due_next(user, campaign: Campaign, *, today: date, limit: int = 8) -> list:
    """The villages whose planned day comes next, those that are late already left out (one query)."""
    rows = (
        progress.village_rows(user, campaign)
        .unfinished()
        .filter(due_on__gte=last_working_day(today, CALENDAR))
        .order_by("due_on", "township__code", "village__code")[:limit]
    )
    return [progress.village_line(row, today=today) for row in rows]


def red_uncleared(user, campaign: Campaign) -> QuerySet[VillageElection]:
    """Red villages that are not cleared yet, of the user's area."""
    return VillageElection.objects.visible_to(user).filter(
        campaign=campaign, risk_grade__grade=Grade.RED, risk_grade__cleared_on__isnull=True
    )


def awaiting_departments(user, campaign: Campaign) -> QuerySet[Candidacy]:
    """People of the user's area about whom some department has still to answer; not which, nor what."""
    asks = ReviewAsk.objects.open().filter(candidacy=OuterRef("pk"))
    return Candidacy.objects.visible_to(user).filter(Exists(asks), election__campaign=campaign)


def _numbers(user, campaign: Campaign, desk: Desk, *, today: date) -> dict:
    """Everything the lines state that is not on the page already (one query)."""
    wanted = {
        "red": counted(red_uncleared(user, campaign)),
        "people": counted(awaiting_departments(user, campaign)),
    }
    if can_see_departments(user, campaign):
        late = ReviewAsk.objects.open().filter(
            candidacy__election__campaign=campaign, due_on__lt=last_working_day(today, CALENDAR)
        )
        waiting = ReviewAsk.objects.open().filter(department=OuterRef("pk"))
        wanted["asks_late"] = counted(late)
        wanted["departments"] = counted(
            VettingDepartment.objects.filter(Exists(waiting), campaign=campaign)
        )
    if desk == Desk.COORDINATOR:
        again = StageRecord.objects.visible_to(user).filter(
            election__campaign=campaign, is_current=True, status=StageStatus.OPEN, attempt__gt=1
        )
        wanted["returned"] = counted(again)
        for kind, rows in open_duties(user, campaign, today=today, roles=(Role.COORDINATOR,)):
            wanted[f"duty_{kind.code}"] = counted(rows)
    if desk == Desk.LEADER:
        own = [p.jurisdiction_id for p in postings_of(user) if p.role == Role.LEADER]
        pending = DailyReport.objects.current().filter(
            campaign=campaign, township__in=own, approval=ReportApproval.PENDING
        )
        wanted["to_approve"] = counted(pending)
    if desk == Desk.STAFF:
        last = Bulletin.objects.visible_to(user).filter(campaign=OuterRef("pk")).order_by("-day")
        wanted["issue"] = Subquery(last.values("issue")[:1])
        wanted["issue_day"] = Subquery(last.values("day")[:1])
    row = Campaign.objects.filter(pk=campaign.pk).annotate(
        **{f"n_{name}": expression for name, expression in wanted.items()}
    )
    return row.values(**{name: F(f"n_{name}") for name in wanted}).get()


@dataclass(frozen=True)
class Known:
    """What the dashboard has read already. `reports`: today's lines, township by township; `asked`: exceptions to
    decide; `pending`: stages to confirm."""

    burn_up: BurnUp
    overdue: int
    reports: list
    asked: int
    pending: int


def lines(user, campaign: Campaign, known: Known, *, today: date) -> list[Line]:
    """The lines of this user's desk, the most urgent first; what is nothing is left out (one query)."""
    desk = desk_of(user)
    found = _numbers(user, campaign, desk, today=today)
    parts = {
        Desk.STAFF: (_confirm, _unreported, _villages, _review, _forecast, _bulletin),
        Desk.COORDINATOR: (_own_reports, _villages, _own_duties, _review),
        Desk.LEADER: (_approve, _villages, _forecast, _review, _unreported),
    }[desk]
    return [line for part in parts for line in part(campaign, known, found, user)]


def _villages(campaign, known, found, user) -> list[Line]:
    villages = reverse("village_list", kwargs={"pk": campaign.pk})
    made = []
    if found["red"]:
        text = f"{found['red']}个红色村没有销号"
        made.append(
            Line(
                "exclamation-triangle",
                text,
                f"{villages}?risk=red_open",
                "销号前不启动换届",
                "danger",
            )
        )
    if known.overdue:
        text = f"{known.overdue}个村（社区）逾期"
        made.append(Line("alarm", text, f"{villages}?state=overdue", "", "danger"))
    return made


def _approve(campaign, known, found, user) -> list[Line]:
    """Daily reports that wait for the township's own leader."""
    if not found["to_approve"]:
        return []
    url = reverse("daily_list", kwargs={"pk": campaign.pk})
    return [Line("journal-check", f"{found['to_approve']}份日报待您审定", url, "", "warning")]


def _forecast(campaign, known, found, user) -> list[Line]:
    what = known.burn_up.behind
    if not what:
        return []
    words = next(line for line in known.burn_up.words if what in line)
    return [Line("calendar-x", f"按现在的进度，{what}晚于计划", "#days-title", words, "warning")]


def _review(campaign, known, found, user) -> list[Line]:
    if not found["people"]:
        return []
    url = reverse("pace", kwargs={"pk": campaign.pk}) + "#departments"
    if "departments" not in found:
        return [Line("hourglass-split", f"{found['people']}名人选在等县级联审", url)]
    late = found["asks_late"]
    note = f"其中{late}件超过答复期限" if late else "都在答复期限之内"
    text = f"等{found['departments']}个联审单位答复，涉及{found['people']}名人选"
    return [Line("hourglass-split", text, url, note, "warning" if late else "")]


def _confirm(campaign, known, found, user) -> list[Line]:
    made = []
    if known.pending:
        text = f"{known.pending}个环节待您确认"
        made.append(Line("check2-square", text, reverse("todo"), "乡镇在等", "warning"))
    if known.asked:
        text = f"{known.asked}件例外申请待批"
        made.append(Line("question-circle", text, reverse("todo"), "", "warning"))
    return made


def _unreported(campaign, known, found, user) -> list[Line]:
    missing = [line for line in known.reports if not line.is_reported]
    if not missing:
        return []
    names = "、".join(line.township.name for line in missing[:4])
    more = "等" if len(missing) > 4 else ""
    return [
        Line(
            "journal-x",
            f"{len(missing)}个乡镇今日没有上报日报",
            reverse("daily_list", kwargs={"pk": campaign.pk}),
            f"{names}{more}，{campaign.daily_cutoff:%H:%M}截止",
            "warning" if any(line.state == "late" for line in missing) else "",
        )
    ]


def _bulletin(campaign, known, found, user) -> list[Line]:
    if not found["issue"]:
        return []
    url = reverse("bulletin_detail", kwargs={"pk": campaign.pk, "issue": found["issue"]})
    text = f"最新简报第{found['issue']}期"
    return [Line("newspaper", text, url, f"{found['issue_day']:%-m月%-d日}")]


def _own_reports(campaign, known, found, user) -> list[Line]:
    """Today's report of each of the coordinator's townships: sent, or the button that leads to it."""
    made = []
    for line in known.reports:
        url = reverse("daily_today", kwargs={"pk": campaign.pk, "township_pk": line.township.pk})
        if line.is_reported:
            made.append(
                Line(
                    "check-circle",
                    f"{line.township.name}今日日报{line.label}",
                    url,
                    line.time,
                    "done",
                )
            )
        else:
            note = f"{campaign.daily_cutoff:%H:%M}截止"
            tone = "danger" if line.state == "late" else "warning"
            text = f"{line.township.name}今日日报{line.label}"
            made.append(Line("journal-x", text, url, note, tone, "核对并上报"))
    return made


def _own_duties(campaign, known, found, user) -> list[Line]:
    todo = reverse("todo")
    made = []
    if found["returned"]:
        text = f"{found['returned']}个环节被退回，改正后重新提交"
        made.append(Line("arrow-return-left", text, todo, "", "warning"))
    for kind, _ in open_duties(
        user, campaign, today=known.burn_up.today, roles=(Role.COORDINATOR,)
    ):
        if number := found[f"duty_{kind.code}"]:
            made.append(Line("journals", f"{kind.title}：{number}件", todo))
    return made
