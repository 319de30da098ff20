"""后备干部库: entry, guidance, training, exercise in a post, three assessments, use and leaving."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.services.facts import future_problems, refuse
from villages.models import PartyMember
from villages.scoping import post_of

from ..enums import ReserveState, ReserveWay
from ..models import ReserveCadre, ReservePost, ReserveTraining
from ..permissions import check_can_keep_reserve


@dataclass(frozen=True)
class Entry:
    """How somebody came into the pool, and who guides them."""

    way: ReserveWay
    recommender: str
    entered_on: date
    is_reserve_secretary: bool = False
    mentor: str = ""
    mentor_post: str = ""


@dataclass(frozen=True)
class Score:
    """One of the three assessments: points of 100, and the day."""

    score: Decimal | None = None
    on: date | None = None


def _recorded(cadre: ReserveCadre, action: str, by: User, at: datetime, after: dict) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=cadre,
        township_id=cadre.village.township_id,
        post=post_of(by),
        changes={"after": after},
    )


def _locked(cadre: ReserveCadre, by: User) -> ReserveCadre:
    found = (
        ReserveCadre.objects.select_for_update(of=("self",))
        .select_related("village", "member")
        .get(pk=cadre.pk)
    )
    check_can_keep_reserve(by, found.village)
    return found


@transaction.atomic
def enter_reserve(*, member: PartyMember, entry: Entry, by: User, at: datetime) -> ReserveCadre:
    """Take somebody into the pool of their village. Raises Forbidden, Refused."""
    member = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=member.pk)
    )
    check_can_keep_reserve(by, member.village)
    problems = _entry_problems(entry, timezone.localdate(at))
    if member.left_on is not None:
        problems.append(
            Problem("reserve_left", f"{member.name}已转出本村，不能入库。", rules.MANUAL)
        )
    if ReserveCadre.objects.live().filter(member=member).exists():
        problems.append(Problem("reserve_twice", f"{member.name}已在后备干部库。", rules.MANUAL))
    refuse(problems)
    made = ReserveCadre(village=member.village, member=member)
    _write(made, entry)
    made.save()
    _recorded(made, "reserve.entered", by, at, {"way": entry.way.value})
    return made


def _entry_problems(entry: Entry, today: date) -> list[Problem]:
    problems = future_problems(today, 入库日期=entry.entered_on)
    if not entry.recommender.strip():
        problems.append(
            Problem("reserve_recommender", "请填写推荐人（单位）；自荐的填本人。", rules.MANUAL)
        )
    return problems


def _write(cadre: ReserveCadre, entry: Entry) -> None:
    cadre.way, cadre.recommender = entry.way, entry.recommender.strip()
    cadre.entered_on, cadre.is_reserve_secretary = entry.entered_on, entry.is_reserve_secretary
    cadre.mentor, cadre.mentor_post = entry.mentor.strip(), entry.mentor_post.strip()


@transaction.atomic
def update_reserve(*, cadre: ReserveCadre, entry: Entry, by: User, at: datetime) -> ReserveCadre:
    """Correct how somebody came in, or who guides them. Raises Forbidden, Refused."""
    cadre = _locked(cadre, by)
    problems = _entry_problems(entry, timezone.localdate(at))
    if cadre.state_on and entry.entered_on > cadre.state_on:
        problems.append(
            Problem("reserve_order", "入库日期晚于使用、退出日期：请核对。", rules.MANUAL)
        )
    refuse(problems)
    _write(cadre, entry)
    cadre.save()
    _recorded(cadre, "reserve.updated", by, at, {"way": entry.way.value})
    return cadre


@transaction.atomic
def assess_reserve(
    *,
    cadre: ReserveCadre,
    own: Score,
    public: Score,
    committee: Score,
    by: User,
    at: datetime,
) -> ReserveCadre:
    """The three assessments, each with its day or not at all. Raises Forbidden, Refused."""
    cadre = _locked(cadre, by)
    today, problems = timezone.localdate(at), []
    for label, found in (("个人自评", own), ("党群测评", public), ("党委综评", committee)):
        if (found.score is None) != (found.on is None):
            problems.append(
                Problem("reserve_score", f"{label}的得分和日期须同时填写。", rules.MANUAL)
            )
        if found.score is not None and not 0 <= found.score <= 100:
            problems.append(Problem("reserve_score", f"{label}得分应在0到100之间。", rules.MANUAL))
        problems += future_problems(today, **{f"{label}日期": found.on})
    refuse(problems)
    cadre.self_score, cadre.self_scored_on = own.score, own.on
    cadre.public_score, cadre.public_scored_on = public.score, public.on
    cadre.committee_score, cadre.committee_scored_on = committee.score, committee.on
    cadre.save()
    _recorded(cadre, "reserve.assessed", by, at, {})
    return cadre


@transaction.atomic
def add_training(
    *, cadre: ReserveCadre, held_on: date, topic: str, by: User, at: datetime
) -> ReserveTraining:
    """定期培训. Raises Forbidden, Refused."""
    cadre = _locked(cadre, by)
    problems = future_problems(timezone.localdate(at), 培训日期=held_on)
    if not topic.strip():
        problems.append(Problem("reserve_topic", "请填写培训内容。", rules.MANUAL))
    if cadre.trainings.filter(held_on=held_on, topic=topic.strip()).exists():
        problems.append(Problem("reserve_topic", "这次培训已经登记。", rules.MANUAL))
    refuse(problems)
    made = ReserveTraining.objects.create(cadre=cadre, held_on=held_on, topic=topic.strip())
    _recorded(cadre, "reserve.trained", by, at, {"on": str(held_on)})
    return made


@transaction.atomic
def add_exercise(
    *, cadre: ReserveCadre, post: str, since: date, until: date | None, by: User, at: datetime
) -> ReservePost:
    """定岗锻炼. Raises Forbidden, Refused."""
    cadre = _locked(cadre, by)
    problems = []
    if not post.strip():
        problems.append(Problem("reserve_post", "请填写锻炼岗位。", rules.MANUAL))
    if until and until < since:
        problems.append(
            Problem("reserve_post", "锻炼的结束日期早于开始日期：请核对。", rules.MANUAL)
        )
    refuse(problems)
    made = ReservePost.objects.create(cadre=cadre, post=post.strip(), since=since, until=until)
    _recorded(cadre, "reserve.exercised", by, at, {"since": str(since)})
    return made


@transaction.atomic
def change_state(
    *, cadre: ReserveCadre, state: ReserveState, on: date, reason: str, by: User, at: datetime
) -> ReserveCadre:
    """Used elsewhere than by this software's elections, left the pool, or back in it. Raises Forbidden, Refused."""
    cadre = _locked(cadre, by)
    problems = future_problems(timezone.localdate(at), 日期=on)
    if cadre.state == ReserveState.LEFT:
        raise Refused(
            Problem(
                "reserve_state", f"{cadre.member.name}已退出，再次培养的请重新入库。", rules.MANUAL
            )
        )
    if on < cadre.entered_on:
        problems.append(
            Problem("reserve_order", "使用、退出日期早于入库日期：请核对。", rules.MANUAL)
        )
    if not reason.strip():
        problems.append(Problem("reserve_reason", "请填写使用、退出的说明。", rules.MANUAL))
    refuse(problems)
    before = cadre.state
    cadre.state, cadre.state_on, cadre.state_reason = state, on, reason.strip()
    cadre.save()
    audit.record(
        action="reserve.state",
        by=by,
        at=at,
        target=cadre,
        township_id=cadre.village.township_id,
        post=post_of(by),
        reason=cadre.state_reason,
        changes={"before": {"state": before}, "after": {"state": state.value, "on": str(on)}},
    )
    return cadre
