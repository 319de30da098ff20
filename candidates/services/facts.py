"""What is on record about a person: entered by the township, the county's staff or a department, withdrawn, never deleted."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.services.facts import future_problems, refuse
from villages.scoping import post_of

from ..enums import FactKind
from ..models import Candidacy, PersonFact
from ..permissions import can_keep_facts, department_of


@dataclass(frozen=True)
class Facts:
    """Fields of PersonFact. `ended_on` may lie ahead: a sentence that is still being served."""

    kind: FactKind
    text: str
    source: str
    happened_on: date | None = None
    decided_on: date | None = None
    ended_on: date | None = None
    document: str = ""


def _check_can_record(user: User, candidacy: Candidacy) -> str:
    """The department for which `user` records; empty for township and county. Raises Forbidden."""
    if can_keep_facts(user, candidacy.election):
        return ""
    if Candidacy.objects.asked_of(user).filter(pk=candidacy.pk).exists():
        return department_of(user)
    raise Forbidden("个人情况由本乡镇联络员、县级组织部工作人员和受理此人的联审单位登记。")


@transaction.atomic
def record_fact(*, candidacy: Candidacy, facts: Facts, by: User, at: datetime) -> PersonFact:
    """Put something on record about the person of a candidacy. Raises Forbidden, Refused (dates, words)."""
    department = _check_can_record(by, candidacy)
    problems = future_problems(
        timezone.localdate(at), 查处之日=facts.happened_on, 决定之日=facts.decided_on
    )
    days = [d for d in (facts.happened_on, facts.decided_on, facts.ended_on) if d]
    if days != sorted(days):
        problems.append(
            Problem(
                "fact_order", "查处、决定、期满三个日期应依次不早于前一个：请核对。", rules.MANUAL
            )
        )
    if not facts.text.strip() or not facts.source.strip():
        problems.append(Problem("fact_text", "请填写情况和来源单位。", rules.MANUAL))
    refuse(problems)
    row = PersonFact.objects.create(
        member_id=candidacy.member_id,
        **asdict(facts),
        department=department,
        recorded_by=by,
        recorded_name=by.name,
        recorded_post=post_of(by)[:100],
        recorded_at=at,
    )
    _audit("fact.recorded", candidacy, by, at)
    return row


@transaction.atomic
def withdraw_fact(
    *, fact: PersonFact, candidacy: Candidacy, reason: str, by: User, at: datetime
) -> PersonFact:
    """Take a record back with a reason: staff any, a department or township what it recorded itself. It stays readable.
    Raises Forbidden, Conflict, Refused."""
    department = _check_can_record(by, candidacy)
    fact = (
        PersonFact.objects.select_for_update(of=("self",))
        .filter(pk=fact.pk, member=candidacy.member_id)
        .first()
    )
    if fact is None:
        raise Refused(Problem("fact", "没有这条情况：请刷新页面。", rules.MANUAL))
    if department and fact.department != department:
        raise Forbidden("只能撤回本部门登记的情况。")
    if fact.withdrawn_at is not None:
        raise Conflict(Problem("withdrawn", "这条情况刚被撤回：请刷新页面。", rules.MANUAL))
    if not reason.strip():
        raise Refused(Problem("reason", "请填写撤回的理由。", rules.MANUAL))
    fact.withdrawn_at, fact.withdrawn_by, fact.withdraw_reason = at, by, reason.strip()
    fact.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    _audit("fact.withdrawn", candidacy, by, at)
    return fact


def _audit(action: str, candidacy: Candidacy, by: User, at: datetime) -> None:
    """That something was put on record about whom, never what."""
    audit.record(
        action=action,
        by=by,
        at=at,
        target=candidacy,
        post=post_of(by),
        township_id=candidacy.election.township_id,
        campaign_id=candidacy.election.campaign_id,
    )
