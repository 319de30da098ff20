"""Every write about organisations, members and postings."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from .enums import OrganisationKind, Post
from .models import Jurisdiction, PartyMember, PartyOrganisation, PostHeld, Posting, Village
from .permissions import (
    check_can_edit_roster,
    check_can_manage_accounts,
    check_can_manage_postings,
)
from .scoping import forget_postings, post_of

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


def short_name(village: Village) -> str:
    """A place's name without its office: 镇中社区居委会 → 镇中社区, 圈沟村委会 → 圈沟村."""
    for office, rest in (
        ("社区居委会", "社区"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居委会", "社区"),
    ):
        if village.name.endswith(office):
            stem = village.name.removesuffix(office)
            return stem if stem.endswith(rest) else stem + rest
    return village.name


@transaction.atomic
def ensure_organisations(*, villages: list[Village], by: User, at: datetime) -> int:
    """Give every village without a party organisation a branch named after it; returns how many were made."""
    have = set(
        PartyOrganisation.objects.filter(village__in=villages).values_list("village_id", flat=True)
    )
    made = PartyOrganisation.objects.bulk_create(
        PartyOrganisation(village=v, name=f"{short_name(v)}党支部")
        for v in villages
        if v.pk not in have
    )
    return len(made)


def set_organisation(*, village: Village, kind: OrganisationKind, term_ends_on: date) -> None:
    """Write kind and end of term of a village's party organisation inside the caller's transaction: the caller has the
    permission, the rules and the audit row."""
    organisation = village.organisation
    organisation.kind, organisation.term_ends_on = kind, term_ends_on
    organisation.save(update_fields=["kind", "term_ends_on"])


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


@transaction.atomic
def open_account(
    *, username: str, name: str, phone: str, password: str, by: User, at: datetime
) -> User:
    """A new account, without any posting yet. Raises Forbidden, Refused."""
    check_can_manage_accounts(by)
    return account_services.create_user(
        username=username, name=name, phone=phone, password=password, by=by, at=at
    )


@transaction.atomic
def reset_account(*, user: User, password: str, by: User, at: datetime) -> User:
    check_can_manage_accounts(by)
    return account_services.reset_password(user=user, password=password, by=by, at=at)


@transaction.atomic
def set_account_active(*, user: User, active: bool, by: User, at: datetime) -> User:
    check_can_manage_accounts(by)
    return account_services.set_active(user=user, active=active, by=by, at=at)


@transaction.atomic
def grant_posting(
    *,
    user: User,
    jurisdiction: Jurisdiction,
    role: Role,
    by: User,
    at: datetime,
    title: str = "",
    department: str = "",
) -> Posting:
    """Give a user a role in a jurisdiction of the administrator's area from today on.

    Raises Forbidden, Refused (already held, oneself).
    """
    check_can_manage_postings(by, jurisdiction)
    if user.pk == by.pk:
        raise Refused(Problem("self", "不能给自己授予岗位：请由另一位安全管理员办理。"))
    if Posting.objects.filter(
        user=user, jurisdiction=jurisdiction, role=role, ends_on__isnull=True
    ).exists():
        raise Refused(
            Problem(
                "posting",
                f"{user.name}已有“{jurisdiction.name} {Role(role).label}”岗位，不必重复授予。",
            )
        )
    return add_posting(
        user=user,
        jurisdiction=jurisdiction,
        role=role,
        by=by,
        at=at,
        title=title,
        department=department,
    )


def add_posting(
    *, user, jurisdiction, role, by: User | None, at: datetime, title="", department=""
) -> Posting:
    """Write a posting and its audit row. `by` None: the installation itself, which has no administrator yet."""
    posting = Posting.objects.create(
        user=user,
        jurisdiction=jurisdiction,
        role=role,
        title=title,
        department=department,
        starts_on=timezone.localdate(at),
    )
    forget_postings(user)
    audit.record(
        action="posting.granted",
        by=by,
        at=at,
        target=user,
        post=post_of(by) if by else "",
        changes={"after": {"jurisdiction": jurisdiction.name, "role": str(role)}},
    )
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, by: User, at: datetime) -> Posting:
    """Withdraw a posting from today on; it stays on record. Raises Forbidden, Refused."""
    posting = (
        Posting.objects.select_for_update(of=("self",))
        .select_related("user", "jurisdiction")
        .get(pk=posting.pk)
    )
    check_can_manage_postings(by, posting.jurisdiction)
    if posting.user_id == by.pk:
        raise Refused(Problem("self", "不能收回自己的岗位：请由另一位安全管理员办理。"))
    if posting.ends_on is None:
        posting.ends_on = timezone.localdate(at)
        posting.save(update_fields=["ends_on"])
        audit.record(
            action="posting.ended",
            by=by,
            at=at,
            target=posting.user,
            post=post_of(by),
            changes={"after": {"jurisdiction": posting.jurisdiction.name, "role": posting.role}},
        )
    return posting
