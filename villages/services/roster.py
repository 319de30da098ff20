"""The members' roster: adding, correcting, leaving."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from .. import rules
from ..enums import Post
from ..identity import normalised
from ..models import PartyMember, PostHeld, Restriction, Village
from ..models.identity import identity_hash, sealed_fields
from ..permissions import check_can_edit_roster
from .log import on_roster, plain, recorded, refuse

MEMBER_FIELDS = (
    "name",
    "sex",
    "born_on",
    "joined_on",
    "status",
    "education",
    "origin",
    "further_origins",
    "is_women_director",
    "heads_village_committee",
    "on_village_committee",
    "phone",
)


def same_number_problems(rows, people: list[dict]) -> list[Problem]:
    """People whose identity number `rows` (of one village) or another of `people` carries already."""
    hashes = [identity_hash(facts.get("identity") or "") for facts in people]
    taken = dict(
        rows.filter(identity_hash__in=set(hashes) - {""}).values_list("identity_hash", "name")
    )
    problems = []
    for facts, found in zip(people, hashes, strict=True):
        if found in taken:
            problems.append(
                Problem(
                    "identity_twice",
                    f"{facts['name']}：这个身份证号在本村已登记在{taken[found]}名下，请核对，不要重复登记。",
                    rules.ROSTER,
                )
            )
        elif found:
            taken[found] = facts["name"]
    return problems


def lock_village(village: Village) -> None:
    """Writers of identity numbers in one village go one after the other, so that a number is not entered twice."""
    Village.objects.select_for_update(of=("self",), no_key=True).get(pk=village.pk)


@transaction.atomic
def add_members(
    *, village: Village, members: list[dict], by: User, at: datetime
) -> list[PartyMember]:
    """Add members to a village's roster in a few statements. Each dict holds MEMBER_FIELDS and may hold `identity`
    (the number in clear), `posts`, a list of (post, started_on) held now, `terms`, a list of (post, started_on,
    ended_on) of earlier ones, and `restrictions`, a list of (kind, starts_on, ends_on, document).

    All or none; raises Forbidden, Refused naming every bad person.
    """
    check_can_edit_roster(by, village)
    today = timezone.localdate(at)
    problems = [p for facts in members for p in _problems(facts, today=today)]
    if any(facts.get("identity") for facts in members):
        lock_village(village)
        problems += same_number_problems(village.members.current(), members)
    refuse(problems)
    made = PartyMember.objects.bulk_create(
        PartyMember(
            village=village,
            **{k: facts[k] for k in MEMBER_FIELDS if k in facts},
            **sealed_fields(normalised(facts.get("identity") or "")),
        )
        for facts in members
    )
    together = list(zip(made, members, strict=True))
    PostHeld.objects.bulk_create(
        PostHeld(member=member, post=post, started_on=since, ended_on=until)
        for member, facts in together
        for post, since, until in _terms(facts)
    )
    Restriction.objects.bulk_create(
        Restriction(member=member, kind=kind, starts_on=start, ends_on=end, document=document)
        for member, facts in together
        for kind, start, end, document in facts.get("restrictions", ())
    )
    recorded(
        "roster.added",
        village,
        village,
        by=by,
        at=at,
        changes={"after": {"members": [m.name for m in made]}},
    )
    return made


def _terms(facts: dict) -> list[tuple[str, date, date | None]]:
    """Every post of a person to be added, those held now without an end."""
    now = [(post, since, None) for post, since in facts.get("posts", ())]
    return [*facts.get("terms", ()), *now]


def _problems(facts: dict, *, today: date) -> list[Problem]:
    problems = rules.member_problems(facts, today=today)
    for _, since, until in facts.get("terms", ()):
        problems += rules.post_problems(
            name=facts["name"],
            born_on=facts["born_on"],
            started_on=since,
            ended_on=until,
            today=today,
        )
    for _, start, end, document in facts.get("restrictions", ()):
        problems += rules.restriction_problems(
            name=facts["name"],
            joined_on=facts["joined_on"],
            starts_on=start,
            ends_on=end,
            document=document,
            today=today,
        )
    return problems


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
    """Correct a member's facts and the post held now (a Post since a day, or empty for none). An `identity` in `facts`
    replaces the number; an empty one keeps it.

    Raises Forbidden, Refused.
    """
    member = on_roster(member, by=by)
    today = timezone.localdate(at)
    posts = [(post, post_since)] if post else []
    number = normalised(facts.get("identity") or "")
    problems = rules.member_problems(facts | {"posts": posts}, today=today)
    if number:
        lock_village(member.village)
        others = member.village.members.current().exclude(pk=member.pk)
        problems += same_number_problems(others, [facts])
    elif member.identity_hash and (facts["born_on"], facts["sex"]) != (member.born_on, member.sex):
        problems.append(number_no_longer_fits(member.name))
    refuse(problems)
    facts = {key: value for key, value in facts.items() if key != "identity"}
    before = plain({key: getattr(member, key) for key in facts})
    after = plain(facts) | {"post": post}
    stored = facts | (sealed_fields(number) if number else {})
    for key, value in stored.items():
        setattr(member, key, value)
    member.save(update_fields=list(stored))
    before["post"] = set_post(member, post, post_since, on=today)
    if number:
        after["identity"] = "已登记"
    recorded(
        "roster.updated",
        member,
        member.village,
        by=by,
        at=at,
        changes={"before": before, "after": after},
    )
    return member


def number_no_longer_fits(name: str) -> Problem:
    """The stored number was checked against the birth date and sex that are being changed."""
    return Problem(
        "identity_again",
        f"{name}：更正出生日期或性别的，请同时重新填写身份证号，以便核对。",
        rules.ROSTER,
    )


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
    if member.merged_into_id:
        raise Refused(Problem("merged", f"{member.name}的这一条已合并，请在保留的一条上登记转出。"))
    if not member.joined_on <= on <= timezone.localdate(at):
        raise Refused(Problem("left_on", "转出日期应在入党日期之后、今天之前：请改正。"))
    member.left_on = on
    member.save(update_fields=["left_on"])
    recorded(
        "roster.left",
        member,
        member.village,
        by=by,
        at=at,
        changes={"after": {"left_on": str(on)}},
    )
    return member
