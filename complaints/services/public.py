"""Reports by the public, without an account: sent, looked up and added to by receipt. No address and no receipt is kept,
only keyed hashes; nothing here is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts import sealing
from accounts.errors import Conflict, Refused
from accounts.problems import Problem
from elections.models import Campaign

from .. import rules
from ..enums import Channel, Step
from ..models import CONTENT, Complaint, Event, IntakeCount
from .intake import About, Reporter, attach, checked, noted, receive_complaint, recorded

MAX_FILES = 3
WRONG_RECEIPT = "没有找到这个回执号：请核对16位数字。输错、记错或已超过保管期限的查不到。"


@dataclass(frozen=True)
class Report:
    """What the form holds."""

    cause: str
    summary: str
    about: About
    category: str
    is_named: bool = False
    reporter: Reporter | None = None
    files: Sequence = ()


@dataclass(frozen=True)
class Sent:
    """`is_repeat`: it had been received before, and nothing was added."""

    receipt: str
    is_repeat: bool = False


def receipt_of(form_key: str) -> str:
    """The receipt of the form with this random key: the same for the same form, so that a form sent twice has one; not to
    be guessed without the installation's key."""
    number = int(sealing.keyed_hash(form_key, purpose="receipt_of_form"), 16)
    digits = f"{number % 10 ** (rules.RECEIPT_DIGITS - 1):0{rules.RECEIPT_DIGITS - 1}d}"
    return digits + rules.luhn_digit(digits)


def receipt_hash(receipt: str) -> str:
    return sealing.keyed_hash(receipt, purpose="receipt")


def _counted(source: str, *, purpose: str, at: datetime) -> IntakeCount:
    """The source's row of the day, locked. Whoever comes first on a day drops the rows of the days before."""
    day = timezone.localdate(at)
    hashed = sealing.keyed_hash(f"{source}|{day}", purpose=purpose)
    _, is_new = IntakeCount.objects.get_or_create(source=hashed, day=day)
    if is_new:
        IntakeCount.objects.filter(day__lt=day).delete()
    return IntakeCount.objects.select_for_update().get(source=hashed, day=day)


@transaction.atomic
def send_report(
    *, campaign: Campaign, report: Report, form_key: str, address: str, at: datetime
) -> Sent:
    """Receive a report from the public page. The same form again gives the same receipt and changes nothing.

    Raises Refused (also when its address must wait), Conflict (the form was sent before with other words).
    """
    receipt = receipt_of(form_key)
    counted = _counted(address, purpose="intake_address", at=at)
    known = Complaint.objects.filter(receipt_hash=receipt_hash(receipt)).first()
    if known is not None:
        if known.summary != report.summary.strip():
            words = "这份举报已经收到过，内容与这次的不同：要补充的，请凭回执号补充。"
            raise Conflict(Problem("repeat", words))
        return Sent(receipt, is_repeat=True)
    _check_pause(counted, at=at)
    if report.files and not rules.takes_files(counted.count):
        words = "这个网络今天提交的举报较多，暂不收附件：请先提交文字，过后凭回执号补充。"
        raise Refused(Problem("files", words))
    if len(report.files) > MAX_FILES:
        raise Refused(Problem("files", f"附件最多{MAX_FILES}个。"))
    files = [
        ContentFile(file.read(), name=neutral_name(number, file))
        for number, file in enumerate(report.files, 1)
    ]
    receive_complaint(
        campaign=campaign,
        channel=Channel.ONLINE,
        category=report.category,
        cause=report.cause,
        summary=report.summary,
        received_at=at,
        is_named=report.is_named,
        reporter=report.reporter,
        about=report.about,
        attachments=files,
        receipt_hash=receipt_hash(receipt),
        by=None,
        at=at,
    )
    counted.count += 1
    pause = rules.pause_after(counted.count)
    counted.wait_until = at + pause if pause else None
    counted.save()
    return Sent(receipt)


def _check_pause(counted: IntakeCount, *, at: datetime) -> None:
    if counted.wait_until and at < counted.wait_until:
        when = timezone.localtime(counted.wait_until)
        words = (
            f"这个网络今天提交的举报较多，请在{when:%-H时%M分}以后再点提交，填写的内容都还在。"
            "急事请拨打县纪检监察举报电话。查询回执不受影响。"
        )
        raise Refused(Problem("pause", words))


def neutral_name(number: int, file) -> str:
    """The name under which the number-th file is kept: what a reporter called it may say who they are."""
    return f"附件{number}.{file.name.rsplit('.', 1)[-1].lower()}"


def find_report(*, receipt: str) -> Complaint:
    """The report with this receipt. Raises Refused: one sentence, whatever is wrong with it."""
    digits = "".join(receipt.split()).replace("-", "")
    found = None
    if rules.is_receipt(digits):
        found = Complaint.objects.filter(receipt_hash=receipt_hash(digits)).first()
    if found is None:
        raise Refused(Problem("receipt", WRONG_RECEIPT))
    return found


@transaction.atomic
def add_to_report(*, receipt: str, text: str, files: Sequence, at: datetime) -> Complaint:
    """The reporter adds a message or files to an open report. The same words again change nothing. Raises Refused."""
    pk = find_report(receipt=receipt).pk
    complaint = (
        Complaint.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=pk)
    )
    text = text.strip()
    if not complaint.is_open:
        raise Refused(Problem("text", "这件举报已经办结：有新情况的，请另行举报。"))
    if not text:
        raise Refused(Problem("text", "请填写要补充的内容。"))
    last = Event.objects.filter(complaint=complaint, step=Step.FOLLOWED_UP).order_by("-pk").first()
    if last is not None and last.note_sealed and _opened(complaint, last) == text:
        return complaint
    counted = _counted(complaint.receipt_hash, purpose="intake_receipt", at=at)
    if counted.count >= rules.FOLLOW_UPS_PER_DAY:
        words = f"每天最多补充{rules.FOLLOW_UPS_PER_DAY}次：请明天再补充，或一次写全。"
        raise Refused(Problem("text", words))
    if len(files) > MAX_FILES:
        raise Refused(Problem("files", f"附件最多{MAX_FILES}个。"))
    for number, file in enumerate(files, 1):
        found = checked(file)
        if isinstance(found, Problem):
            raise Refused(Problem("files", found.message))
        kind, content = found
        attach(complaint, kind=kind, name=neutral_name(number, file), content=content, at=at)
    noted(complaint, Step.FOLLOWED_UP, by=None, at=at, note=text)
    counted.count += 1
    counted.save()
    recorded(complaint, "complaint.followed_up", by=None, at=at)
    return complaint


def _opened(complaint: Complaint, event: Event) -> str:
    return sealing.unseal_text_under(complaint.key_sealed, event.note_sealed, purpose=CONTENT)
