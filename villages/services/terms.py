"""What is dated about a member: posts held in this and in earlier terms, and restrictions."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem

from .. import rules
from ..models import PartyMember, PostHeld, Restriction
from .log import on_roster, plain, recorded, refuse


@transaction.atomic
def save_post(
    *,
    member: PartyMember,
    post: str,
    started_on: date,
    ended_on: date | None,
    by: User,
    at: datetime,
    held: PostHeld | None = None,
) -> PostHeld:
    """Add a post that a member holds or held, or correct (end) the one given as `held`. 新当选 and 连任 follow from it.

    Raises Forbidden, Refused (dates, the same post twice on one day).
    """
    member = on_roster(member, by=by)
    row = held or PostHeld(member=member)
    before = _post_words(row) if held else {}
    row.post, row.started_on, row.ended_on = post, started_on, ended_on
    problems = rules.post_problems(
        name=member.name,
        born_on=member.born_on,
        started_on=started_on,
        ended_on=ended_on,
        today=timezone.localdate(at),
    )
    others = member.posts.filter(post=post).exclude(pk=row.pk)
    spells = [rules.Spell(p.post, p.started_on, p.ended_on) for p in (row, *others)]
    if rules.overlapping(spells):
        problems.append(
            Problem(
                "post_twice",
                f"{member.name}：同一职务的任职时间重叠，请核对起止日期，或更正已登记的一条。",
                rules.ROSTER,
            )
        )
    refuse(problems)
    row.save()
    recorded(
        "post.corrected" if held else "post.added",
        member,
        member.village,
        by=by,
        at=at,
        changes={"before": before, "after": _post_words(row)},
    )
    return row


def _post_words(row: PostHeld) -> dict:
    return plain({"post": row.post, "started_on": row.started_on, "ended_on": row.ended_on})


@transaction.atomic
def save_restriction(
    *,
    member: PartyMember,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    document: str,
    by: User,
    at: datetime,
    restriction: Restriction | None = None,
) -> Restriction:
    """Add a restriction of a member's rights, or correct (end) the one given as `restriction`. Rolls frozen before keep
    the standing of their day.

    Raises Forbidden, Refused (dates, no document, two of one kind at a time).
    """
    member = on_roster(member, by=by)
    row = restriction or Restriction(member=member)
    before = _restriction_words(row) if restriction else {}
    row.kind, row.starts_on, row.ends_on, row.document = kind, starts_on, ends_on, document.strip()
    problems = rules.restriction_problems(
        name=member.name,
        joined_on=member.joined_on,
        starts_on=starts_on,
        ends_on=ends_on,
        document=document,
        today=timezone.localdate(at),
    )
    if rules.overlapping([row, *member.restrictions.exclude(pk=row.pk)]):
        problems.append(
            Problem(
                "restriction_twice",
                f"{member.name}：同一种限制的时间重叠，请核对起止日期，或更正已登记的一条。",
                rules.ROSTER,
            )
        )
    refuse(problems)
    row.save()
    recorded(
        "restriction.corrected" if restriction else "restriction.added",
        member,
        member.village,
        by=by,
        at=at,
        changes={"before": before, "after": _restriction_words(row)},
    )
    return row


def _restriction_words(row: Restriction) -> dict:
    return plain({key: getattr(row, key) for key in ("kind", "starts_on", "ends_on", "document")})
