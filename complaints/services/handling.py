"""Handling a complaint from its acceptance to its conclusion. Each write is a step of its history; what was noted is
sealed with the record, and the audit row says only that it happened."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from candidates.services.disqualification import disqualify
from elections.holidays import CALENDAR

from .. import permissions, rules
from ..enums import PROVEN, Conclusion, MeasureKind, Status, Step
from ..models import Complaint, Extension, Matter, Measure, Transfer
from .complaints import locked, locked_open
from .intake import About, clock_of, noted, placed, recorded

#: The three firsts (三个第一时间) → the column of their time.
FIRSTS = {
    Step.REPORTED: "reported_at",
    Step.INVESTIGATED: "investigated_at",
    Step.INFORMED: "informed_at",
}


def _done(complaint: Complaint, step: Step, *, by: User, at: datetime, note: str = "") -> None:
    noted(complaint, step, by=by, at=at, note=note)
    recorded(complaint, f"complaint.{step.value}", by=by, at=at)


def _needs(text: str, code: str, what: str) -> None:
    if not text.strip():
        raise Refused(Problem(code, f"请填写{what}。"))


@transaction.atomic
def accept_complaint(*, complaint: Complaint, handler: User, by: User, at: datetime) -> Complaint:
    """Accept a complaint and name who handles it: the one person who may ask who complained.

    Raises Forbidden, Refused (accepted already, the handler may not see it)."""
    complaint = locked_open(complaint, by=by)
    if complaint.status != Status.RECEIVED:
        raise Refused(Problem("accepted", "这件信访已经受理：请刷新页面。"))
    _name(complaint, handler)
    complaint.status, complaint.accepted_at = Status.ACCEPTED, at
    complaint.save(update_fields=["status", "accepted_at", "handler"])
    _done(complaint, Step.ACCEPTED, by=by, at=at, note=f"承办人：{handler.name}")
    return complaint


@transaction.atomic
def assign_handler(*, complaint: Complaint, handler: User, by: User, at: datetime) -> Complaint:
    """Hand an accepted complaint to another person. Raises Forbidden, Refused."""
    complaint = locked_open(complaint, by=by)
    if complaint.status == Status.RECEIVED:
        raise Refused(Problem("not_accepted", "请先受理，受理时指定承办人。"))
    _name(complaint, handler)
    complaint.save(update_fields=["handler"])
    _done(complaint, Step.ASSIGNED, by=by, at=at, note=f"承办人：{handler.name}")
    return complaint


def _name(complaint: Complaint, handler: User) -> None:
    if not permissions.can_handle(handler, complaint):
        words = "所选的承办人不能办理这件信访（不在受理层级，或与被反映的人、单位有关）：请另选。"
        raise Refused(Problem("handler", words, rules.PETITION_RULE))
    complaint.handler = handler


@transaction.atomic
def mark_first(
    *, complaint: Complaint, step: Step, note: str, done_at: datetime, by: User, at: datetime
) -> Complaint:
    """Stamp one of the three firsts: reported to the leaders, investigation begun, the people told. Once each.

    Raises Forbidden, Refused (in the future, before it came, stamped already)."""
    complaint = locked_open(complaint, by=by)
    column = FIRSTS[step]
    if getattr(complaint, column):
        raise Refused(Problem("stamped", f"“{step.label}”已经登记：请刷新页面。"))
    if not complaint.received_at <= done_at <= at:
        raise Refused(Problem("done_at", "办理时间应在收到之后、现在之前：请核对。"))
    setattr(complaint, column, done_at)
    complaint.save(update_fields=[column])
    _done(complaint, step, by=by, at=at, note=note)
    return complaint


@transaction.atomic
def transfer_complaint(
    *, complaint: Complaint, unit: str, request: str, answer_by: date, by: User, at: datetime
) -> Transfer:
    """Ask another unit to look into it. `request` is all that the slip says of the matter: written for that unit, without
    anything that points to who complained. Raises Forbidden, Refused."""
    complaint = locked_open(complaint, by=by)
    if complaint.status == Status.RECEIVED:
        raise Refused(Problem("not_accepted", "请先受理，再转办。"))
    _needs(unit, "unit", "承办单位")
    _needs(request, "request", "转办要求")
    if complaint.accused_unit and complaint.accused_unit.name in unit:
        words = f"不能转给被反映的单位（{complaint.accused_unit.name}）：请转给其上级或其他单位。"
        raise Refused(Problem("unit", words, rules.PETITION_RULE))
    if answer_by < timezone.localdate(at):
        raise Refused(Problem("answer_by", "要求反馈日期不能早于今天。"))
    row = Transfer.objects.create(
        complaint=complaint,
        number=complaint.transfers.count() + 1,
        unit=unit.strip(),
        request_sealed=complaint.sealed(request.strip()),
        answer_by=answer_by,
        by=by,
        at=at,
    )
    _done(complaint, Step.TRANSFERRED, by=by, at=at, note=f"转{unit.strip()}")
    return row


@transaction.atomic
def answer_transfer(*, transfer: Transfer, answer: str, by: User, at: datetime) -> Transfer:
    """Note what the unit found. Raises Forbidden, Refused, Conflict (answered already)."""
    complaint = locked_open(transfer.complaint, by=by)
    row = Transfer.objects.select_for_update().get(pk=transfer.pk, complaint=complaint)
    _needs(answer, "answer", "反馈情况")
    if row.answered_at:
        raise Conflict(Problem("answered", "这次转办已登记反馈：请刷新页面。"))
    row.answer_sealed, row.answered_at = complaint.sealed(answer.strip()), at
    row.save(update_fields=["answer_sealed", "answered_at"])
    _done(complaint, Step.RETURNED, by=by, at=at, note=f"{row.unit}已反馈")
    return row


@transaction.atomic
def ask_extension(
    *, complaint: Complaint, days: int, reason: str, by: User, at: datetime
) -> Extension:
    """Ask for more days; somebody else decides. Raises Forbidden, Refused (too many, asked already, extended already)."""
    complaint = locked_open(complaint, by=by)
    _needs(reason, "reason", "延期理由")
    most = clock_of(complaint.campaign, complaint.category).extend
    if not 1 <= days <= most:
        raise Refused(Problem("days", f"延期最少1日、最多{most}日（本次换届设定的期限）。"))
    if complaint.extensions.exclude(approved=False).exists():
        raise Refused(Problem("extended", "已申请过延期：一件信访只延期一次。"))
    row = Extension.objects.create(
        complaint=complaint,
        days=days,
        reason_sealed=complaint.sealed(reason.strip()),
        asked_by=by,
        asked_at=at,
    )
    _done(complaint, Step.EXTENSION_ASKED, by=by, at=at, note=f"申请延长{days}日")
    return row


@transaction.atomic
def decide_extension(*, extension: Extension, approved: bool, by: User, at: datetime) -> Extension:
    """Agree to more days, or not. Never by who asked. The days run on from the day it was due.

    Raises Forbidden, Refused (asked by oneself), Conflict (decided already)."""
    complaint = locked_open(extension.complaint, by=by)
    row = Extension.objects.select_for_update().get(pk=extension.pk, complaint=complaint)
    if row.approved is not None:
        raise Conflict(Problem("decided", "这次延期已经审批：请刷新页面。"))
    if row.asked_by_id == by.pk:
        raise Refused(
            Problem(
                "own_extension", "延期由您申请，须由另一名纪检信访专员审批。", rules.PETITION_RULE
            )
        )
    row.approved, row.decided_by, row.decided_at = approved, by, at
    row.save(update_fields=["approved", "decided_by", "decided_at"])
    if approved:
        complaint.settle_by = rules.reckon(
            complaint.settle_by, row.days, complaint.days_unit, CALENDAR
        ).day
        complaint.save(update_fields=["settle_by"])
    _done(complaint, Step.EXTENSION_DECIDED, by=by, at=at, note="同意" if approved else "不同意")
    return row


@transaction.atomic
def conclude_complaint(
    *, complaint: Complaint, conclusion: Conclusion, handling: str, by: User, at: datetime
) -> Complaint:
    """Say what the facts bore out. It may be said anew until it is settled. Raises Forbidden, Refused."""
    complaint = locked_open(complaint, by=by)
    if complaint.status == Status.RECEIVED:
        raise Refused(Problem("not_accepted", "请先受理，再认定结论。"))
    _needs(handling, "handling", "核查情况")
    complaint.conclusion, complaint.concluded_at = conclusion, at
    complaint.handling_sealed = complaint.sealed(handling.strip())
    complaint.status = Status.CONCLUDED
    complaint.save(update_fields=["conclusion", "concluded_at", "handling_sealed", "status"])
    _done(complaint, Step.CONCLUDED, by=by, at=at, note=Conclusion(conclusion).label)
    return complaint


@transaction.atomic
def take_measure(
    *, complaint: Complaint, kind: MeasureKind, taken_on: date, note: str, by: User, at: datetime
) -> Measure:
    """Note a measure that follows from the conclusion. 取消候选资格 takes the candidacy that the complaint is about away.

    Raises Forbidden, Refused (nothing concluded, not borne out, in the future, no candidacy or one no longer standing)."""
    # Elections are locked before complaints by nobody: the candidacy's service locks its own rows.
    complaint = locked_open(complaint, by=by)
    problems = []
    if not complaint.conclusion:
        problems.append(Problem("not_concluded", "请先认定结论，再登记处理措施。"))
    if taken_on > timezone.localdate(at):
        problems.append(Problem("taken_on", "措施日期不能晚于今天。"))
    if kind in (MeasureKind.DISQUALIFY, MeasureKind.REELECT):
        if complaint.conclusion and complaint.conclusion not in PROVEN:
            words = f"结论为“{complaint.get_conclusion_display()}”，不能{MeasureKind(kind).label}。"
            problems.append(Problem("not_proven", words, rules.REPORTS_RULE))
        if kind == MeasureKind.DISQUALIFY and complaint.candidacy_id is None:
            words = "这件信访没有选定所反映的人选：请先在“分类”中选定，再取消候选资格。"
            problems.append(Problem("candidacy", words))
    if problems:
        raise Refused(*problems)
    if kind == MeasureKind.DISQUALIFY:
        disqualify(candidacy=complaint.candidacy, decided_on=taken_on, by=by, at=at)
    row = Measure.objects.create(
        complaint=complaint,
        kind=kind,
        taken_on=taken_on,
        note_sealed=complaint.sealed(note.strip()),
        by=by,
        at=at,
    )
    _done(complaint, Step.ACTED, by=by, at=at, note=MeasureKind(kind).label)
    return row


@transaction.atomic
def join_matter(
    *, complaint: Complaint, matter: Matter | None, by: User, at: datetime
) -> Complaint:
    """并案: another letter about the same thing. It still counts as one 件; the matter it came with, now empty, is gone.

    Raises Forbidden, Refused (another campaign's, or a matter none of whose complaints the user sees)."""
    complaint = locked(complaint, by=by)
    seen = Complaint.objects.visible_to(by).filter(matter=matter).exclude(pk=complaint.pk)
    if matter is None or matter.campaign_id != complaint.campaign_id or not seen.exists():
        raise Refused(Problem("matter", "没有可以并入的信访事项：请核对编号。"))
    old = complaint.matter
    if old.pk == matter.pk:
        raise Refused(Problem("matter", "两件已经是同一起。"))
    complaint.matter = matter
    complaint.save(update_fields=["matter"])
    if not old.complaints.exists():
        old.delete()
    _done(complaint, Step.JOINED, by=by, at=at, note=f"并入{matter.number}")
    return complaint


@transaction.atomic
def classify_complaint(
    *, complaint: Complaint, category: str, cause: str, about: About, by: User, at: datetime
) -> Complaint:
    """Put right what or whom a complaint is about. Where it goes follows anew: it may leave the sight of who did this.

    The village stays; its days run anew from the day it came when the category changes. Raises Forbidden, Refused."""
    complaint = locked_open(complaint, by=by)
    where = placed(complaint.campaign, about)
    for column, value in where.columns.items():
        setattr(complaint, column, value)
    if complaint.handler and not permissions.can_handle(complaint.handler, complaint):
        complaint.handler = None
    if category != complaint.category:
        _new_clock(complaint, category)
    complaint.category, complaint.cause = category, cause
    complaint.save()
    _done(complaint, Step.CLASSIFIED, by=by, at=at)
    return complaint


def _new_clock(complaint: Complaint, category: str) -> None:
    clock = clock_of(complaint.campaign, category)
    day = timezone.localdate(complaint.received_at)
    complaint.accept_days, complaint.settle_days = clock.accept, clock.settle
    complaint.days_unit = clock.unit
    complaint.accept_by = rules.reckon(day, clock.accept, clock.unit, CALENDAR).day
    complaint.settle_by = rules.reckon(day, clock.settle, clock.unit, CALENDAR).day


def may_be_handler(complaint: Complaint) -> list[User]:
    """Discipline staff who may be named: those at the unit that holds it, or above, whom it is not about."""
    chain = permissions.unit(complaint.held_by).chain
    found = (
        User.objects.filter(
            is_active=True,
            postings__role=Role.DISCIPLINE,
            postings__ends_on__isnull=True,
            postings__jurisdiction__in=chain,
        )
        .distinct()
        .order_by("name", "pk")
    )
    return [user for user in found if permissions.can_handle(user, complaint)]
