"""The members' roster: adding, correcting, posts, leaving."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from ..enums import Post
from ..models import PartyMember, PostHeld, Village
from ..permissions import check_can_edit_roster
from ..scoping import post_of

MEMBER_FIELDS = (
    "name",
    "sex",
    "born_on",
    "joined_on",
    "status",
    "education",
    "origin",
    "is_women_director",
    "heads_village_committee",
    "phone",
)
ADULT_YEARS = 18


def adult_on(born: date) -> date:
    """The eighteenth birthday; of somebody born on 29 February the day after the 28th."""
    try:
        return born.replace(year=born.year + ADULT_YEARS)
    except ValueError:
        return date(born.year + ADULT_YEARS, 3, 1)


def member_problems(facts: dict, *, today: date) -> list[Problem]:
    """What is wrong with a member's facts: dates in order, an adult at joining, nothing in the future."""
    problems = []
    name, born, joined = facts["name"], facts["born_on"], facts["joined_on"]
    if joined > today or born > today:
        problems.append(Problem("future", f"{name}：日期在今天之后，请核对出生和入党日期。"))
    elif joined < adult_on(born):
        problems.append(
            Problem(
                "age",
                f"{name}：入党时不满{ADULT_YEARS}周岁，请核对出生和入党日期。",
                "《中国共产党章程》第一条",
            )
        )
    for _, since in facts.get("posts", ()):
        if not born < since <= today:
            problems.append(
                Problem("post_since", f"{name}：任职日期应在出生之后、今天以前，请核对。")
            )
    if facts.get("is_women_director") and facts["sex"] != "female":
        problems.append(Problem("women_director", f"{name}：妇代会主任应为女性，请核对性别。"))
    return problems


def _record(action: str, target, village: Village, *, by: User, at: datetime, **more) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=target,
        township_id=village.township_id,
        post=post_of(by),
        **more,
    )


def _plain(facts: dict) -> dict:
    return {key: str(value) if isinstance(value, date) else value for key, value in facts.items()}


@transaction.atomic
def add_members(
    *, village: Village, members: list[dict], by: User, at: datetime
) -> list[PartyMember]:
    """Add members to a village's roster in two statements. Each dict holds MEMBER_FIELDS and may hold `posts`, a
    list of (post, started_on) held now. All or none; raises Forbidden, Refused naming every bad person."""
    check_can_edit_roster(by, village)
    today = timezone.localdate(at)
    problems = [p for facts in members for p in member_problems(facts, today=today)]
    if problems:
        raise Refused(*problems)
    made = PartyMember.objects.bulk_create(
        PartyMember(village=village, **{k: facts[k] for k in MEMBER_FIELDS if k in facts})
        for facts in members
    )
    PostHeld.objects.bulk_create(
        PostHeld(member=member, post=post, started_on=started_on)
        for member, facts in zip(made, members, strict=True)
        for post, started_on in facts.get("posts", ())
    )
    _record(
        "roster.added",
        village,
        village,
        by=by,
        at=at,
        changes={"after": {"members": [m.name for m in made]}},
    )
    return made


@transaction.atomic
def update_member(
    *,
    member: PartyMember,
    facts: dict,
    post: str,
    post_since: date | None,
    by: User,
    at: datetime,
) -> PartyMember:
    """Correct a member's facts and the post held now (a Post since a day, or empty for none).

    Raises Forbidden, Refused.
    """
    member = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=member.pk)
    )
    check_can_edit_roster(by, member.village)
    if member.left_on:
        raise Refused(Problem("left", f"{member.name}已转出，不能再更正。"))
    today = timezone.localdate(at)
    posts = [(post, post_since)] if post else []
    if problems := member_problems(facts | {"posts": posts}, today=today):
        raise Refused(*problems)
    before = _plain({key: getattr(member, key) for key in facts})
    for key, value in facts.items():
        setattr(member, key, value)
    member.save(update_fields=list(facts))
    before["post"] = set_post(member, post, post_since, on=today)
    after = _plain(facts)
    _record(
        "roster.updated",
        member,
        member.village,
        by=by,
        at=at,
        changes={"before": before, "after": after | {"post": post}},
    )
    return member


def set_post(member: PartyMember, post: str, since: date | None, *, on: date) -> str:
    """Hold `post` since a day, ending today (`on`) the posts that differ; returns what was held before."""
    held = list(member.posts.filter(ended_on__isnull=True))
    before = "、".join(p.post for p in held)
    for old in held:
        if old.post == post:
            old.started_on = since
        else:
            old.ended_on = max(on, old.started_on)
    PostHeld.objects.bulk_update(held, ["started_on", "ended_on"])
    if post and post not in [p.post for p in held]:
        PostHeld.objects.create(member=member, post=Post(post), started_on=since)
    return before


@transaction.atomic
def mark_left(*, member: PartyMember, on: date, by: User, at: datetime) -> PartyMember:
    """Take a member off the roster from day `on`; nothing is deleted. Raises Forbidden, Refused."""
    member = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=member.pk)
    )
    check_can_edit_roster(by, member.village)
    if member.left_on:
        raise Refused(Problem("left", f"{member.name}已于{member.left_on:%Y-%m-%d}转出。"))
    if not member.joined_on <= on <= timezone.localdate(at):
        raise Refused(Problem("left_on", "转出日期应在入党日期之后、今天之前：请改正。"))
    member.left_on = on
    member.save(update_fields=["left_on"])
    _record(
        "roster.left",
        member,
        member.village,
        by=by,
        at=at,
        changes={"after": {"left_on": str(on)}},
    )
    return member
