"""The members' roster from a workbook: what the rows would change, and the service that writes them in few statements."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from workbooks.plans import Change, Entry, Plan, Row, RowProblem
from workbooks.store import copy_in, copy_update, new_ids

from .enums import Education, MemberStatus, Origin, Post, Sex
from .identity import normalised
from .models import Jurisdiction, PartyMember, PostHeld, Village
from .models.identity import identity_hash, sealed_fields
from .permissions import check_can_import_roster
from .places import Places, UnknownPlace, place_label
from .rules import member_problems
from .scoping import post_of
from .services.roster import MEMBER_FIELDS, number_no_longer_fits

#: What tells a person apart where no identity number says it better.
KEY = ("village", "name", "born_on")
IDENTITY_FIELDS = ("identity_sealed", "identity_hash")

HEADS = {
    "name": "姓名",
    "sex": "性别",
    "born_on": "出生日期",
    "joined_on": "入党日期",
    "status": "党员类别",
    "education": "学历",
    "origin": "主要来源",
    "post": "现任职务",
    "post_since": "任职日期",
    "is_women_director": "妇代会主任",
    "heads_village_committee": "村（居）委会主任",
    "on_village_committee": "村（居）委会副主任、委员",
    "phone": "联系电话",
    "identity": "身份证号",
    "further_origins": "其他来源",
}
_LABELS = {
    "sex": dict(Sex.choices),
    "status": dict(MemberStatus.choices),
    "education": dict(Education.choices),
    "origin": dict(Origin.choices),
    "post": dict(Post.choices),
}
#: The column in which a person mends what a rule has against a member.
_COLUMN_OF = {
    "future": "joined_on",
    "age": "joined_on",
    "women_director": "is_women_director",
    "village_committee": "on_village_committee",
    "status": "status",
    "origin": "further_origins",
}
#: What an empty cell means.
_EMPTY = {
    "origin": "",
    "phone": "",
    "is_women_director": False,
    "heads_village_committee": False,
    "on_village_committee": False,
    "further_origins": [],
}
NOTHING = "（空）"


@dataclass(slots=True)
class Stored:
    """A current member as stored, with the posts held now: (id, post, since). `identity`: the sealed number and its
    hash."""

    pk: int
    village_id: int
    facts: dict[str, object]
    identity: tuple[str, str] = ("", "")
    posts: list[tuple[int, str, date]] = field(default_factory=list)


@dataclass(slots=True)
class Update:
    """A stored member with the facts of the row; `post`: (post or None, since) where the post held is to change.
    `identity`: what is to be stored of the number."""

    stored: Stored
    facts: dict[str, object]
    identity: tuple[str, str]
    post: tuple[str | None, date | None] | None = None


@dataclass(slots=True)
class Work:
    """What is to be written; `changed` stands in the order of the plan's entries."""

    new: list[tuple[Village, dict, tuple[str, str]]] = field(default_factory=list)
    changed: list[Update] = field(default_factory=list)
    townships: dict[int, Jurisdiction] = field(default_factory=dict)
    villages: dict[int, Village] = field(default_factory=dict)


def in_words(name: str, value: object) -> str:
    """A fact as people read it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(dict(Origin.choices)[code]) for code in value) or NOTHING
    return str(_LABELS[name].get(value, value)) if name in _LABELS else str(value)


@dataclass(slots=True)
class Roster:
    """The current members of some villages: by key, and by the hash of their identity number."""

    by_key: dict[tuple, Stored] = field(default_factory=dict)
    by_number: dict[tuple, Stored] = field(default_factory=dict)

    def find(self, key: tuple, number: str) -> Stored | None:
        """Whom a row is about: whoever has the number (its hash), else whoever has village, name and birth date."""
        return (number and self.by_number.get((key[0], number))) or self.by_key.get(key)


def _stored(village_ids: set[int], *, lock: bool) -> Roster:
    """The current members of the villages with the posts they hold (two queries)."""
    members = PartyMember.objects.filter(village__in=village_ids).current().order_by("pk")
    if lock:
        members = members.select_for_update(of=("self",))
    found = Roster()
    by_pk: dict[int, Stored] = {}
    columns = ("pk", "village_id", *IDENTITY_FIELDS, *MEMBER_FIELDS)
    for pk, village_id, sealed, number, *facts in members.values_list(*columns):
        known = dict(zip(MEMBER_FIELDS, facts, strict=True))
        one = Stored(pk, village_id, known, (sealed, number))
        found.by_key.setdefault((village_id, known["name"], known["born_on"]), one)
        if number:
            found.by_number[village_id, number] = one
        by_pk[pk] = one
    held = PostHeld.objects.filter(
        ended_on__isnull=True,
        member__in=PartyMember.objects.filter(village__in=village_ids).current(),
    )
    for pk, member_id, post, since in held.values_list("pk", "member_id", "post", "started_on"):
        by_pk[member_id].posts.append((pk, post, since))
    return found


def plan_members(
    rows: list[Row],
    *,
    campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
) -> Plan:
    """What the rows would change in the rosters of `area` (three queries). The roster is of no campaign."""
    return _plan(rows, Places(area), today=timezone.localdate(at), lock=False)


def _plan(rows: list[Row], places: Places, *, today: date, lock: bool) -> Plan:
    roster = _stored(places.named_by(rows), lock=lock)
    work = Work(villages=places.villages)
    plan = Plan(work=work)
    seen: dict[tuple, int] = {}
    listed: set[int] = set()
    for row in rows:
        try:
            village = places.find(row)
        except UnknownPlace as unknown:
            plan.problems.append(RowProblem(row.number, unknown.column, str(unknown)))
            continue
        key = (village.pk, row.values["name"], row.values["born_on"])
        number = identity_hash(row.values.get("identity") or "")
        keys = [key, (village.pk, number)] if number else [key]
        if twice := next((k for k in keys if k in seen), None):
            same = "身份证号相同" if twice != key else "村、姓名、出生日期相同"
            problem = f"与第{seen[twice]}行是同一个人（{same}）：请只留一行。"
            plan.problems.append(RowProblem(row.number, "name", problem))
            continue
        seen |= dict.fromkeys(keys, row.number)
        work.townships[village.township_id] = village.township
        old = roster.find(key, number)
        if old:
            listed.add(old.pk)
        _plan_row(plan, row, village, old, number, today)
    plan.missing = [
        f"{place_label(places.villages[one.village_id])}　{one.facts['name']}（{one.facts['born_on']}出生）"
        for one in roster.by_key.values()
        if one.pk not in listed
    ]
    return plan


def _plan_row(
    plan: Plan, row: Row, village: Village, old: Stored | None, number: str, today: date
) -> None:
    """`number`: the hash of the row's identity number, empty where it has none."""
    values = row.values
    facts = {
        name: _EMPTY.get(name) if values[name] is None else values[name]
        for name in MEMBER_FIELDS
        if name in values
    }
    if "further_origins" in facts:
        facts["further_origins"] = list(facts["further_origins"])
    post, since = values.get("post"), values.get("post_since")
    held = {p: day for _, p, day in old.posts} if old else {}
    since = since or held.get(post)
    typed = values.get("identity") or ""
    problems = _problems(row.number, facts | {"identity": typed}, old, post, since, today)
    problems += _number_problems(row.number, facts, old, number)
    if problems:
        plan.problems += problems
        return
    label = f"{place_label(village)}　{values['name']}"
    if old is None:
        detail = f"{in_words('sex', facts['sex'])}，{facts['born_on']}出生，{in_words('status', facts['status'])}"
        plan.new.append(Entry(row.number, label, detail))
        whole = facts | {"posts": [(post, since)] if post else []}
        plan.work.new.append((village, whole, _sealed(typed)))
        return
    is_new_number = bool(number) and not old.identity[1]
    update = Update(old, facts, _sealed(typed) if is_new_number else old.identity)
    changes = [
        Change(HEADS[name], in_words(name, old.facts[name]), in_words(name, value))
        for name, value in facts.items()
        if old.facts[name] != value
    ]
    if is_new_number:
        changes.append(Change(HEADS["identity"], NOTHING, "已登记"))
    if "post" in values and held != ({post: since} if post else {}):
        before = "、".join(f"{in_words('post', p)}（{day}起）" for p, day in held.items())
        after = f"{in_words('post', post)}（{since}起）" if post else NOTHING
        changes.append(Change(HEADS["post"], before or NOTHING, after))
        update.post = post, since
    if changes:
        plan.changed.append(Entry(row.number, label, "", tuple(changes)))
        plan.work.changed.append(update)
    else:
        plan.unchanged += 1


def _problems(number, facts, old, post, since, today) -> list[RowProblem]:
    if post and since is None:
        return [
            RowProblem(number, "post_since", "有现任职务的，请填写任职日期（本届任职的第一天）。")
        ]
    whole = (old.facts if old else {}) | facts | {"posts": [(post, since)] if post else []}
    return [
        RowProblem(number, _column_of(p.code), p.message)
        for p in member_problems(whole, today=today)
    ]


def _column_of(code: str) -> str:
    return "identity" if code.startswith("identity") else _COLUMN_OF.get(code, "post_since")


def _number_problems(row: int, facts: dict, old: Stored | None, number: str) -> list[RowProblem]:
    """A number that is not the one on record, or facts that the number on record no longer fits."""
    if old is None or not old.identity[1] or old.identity[1] == number:
        return []
    if number:
        return [
            RowProblem(
                row,
                "identity",
                "与名册中已登记的身份证号不一致：请与证件核对；登记错了的，到党员名册页面更正。",
            )
        ]
    changed = any(facts[name] != old.facts[name] for name in ("born_on", "sex") if name in facts)
    return [RowProblem(row, "identity", number_no_longer_fits(facts["name"]).message)] * changed


def _sealed(number: str) -> tuple[str, str]:
    stored = sealed_fields(normalised(number))
    return tuple(stored[name] for name in IDENTITY_FIELDS)


@transaction.atomic
def import_members(
    rows: list[Row],
    *,
    campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    reason: str = "",
    confirm=lambda plan: None,
) -> Plan:
    """Write the rows into the rosters of `area`: all, or none. Nobody is taken off a roster.

    The villages named are locked, so that no member is added or corrected between the comparison and the writing.
    Raises Forbidden, Refused (a rule has something against a row), whatever `confirm` raises on seeing the plan.
    """
    check_can_import_roster(by, area)
    places, today = Places(area), timezone.localdate(at)
    named = Village.objects.filter(pk__in=places.named_by(rows)).order_by("pk")
    list(named.select_for_update().values_list("pk"))
    plan = _plan(rows, places, today=today, lock=True)
    if plan.problems:
        raise Refused(*(Problem("row", f"第{p.row}行：{p.message}") for p in plan.problems))
    confirm(plan)
    _write(plan.work, today=today)
    _record(plan, by=by, at=at, reason=reason)
    return plan


def _write(work: Work, *, today: date) -> None:
    """New members and their posts by COPY, changed ones in one UPDATE."""
    # Only who holds a post needs to be known by id here.
    holders = [one for one in work.new if one[1]["posts"]]
    ids = new_ids(PartyMember, len(holders))
    names = [name for name in MEMBER_FIELDS if work.new and name in work.new[0][1]]
    copy_in(
        PartyMember,
        ("id", "village_id", *IDENTITY_FIELDS, *names),
        (
            (pk, village.pk, *identity, *(facts[n] for n in names))
            for pk, (village, facts, identity) in zip(ids, holders, strict=True)
        ),
    )
    copy_in(
        PartyMember,
        ("village_id", *IDENTITY_FIELDS, *names),
        (
            (village.pk, *identity, *(facts[n] for n in names))
            for village, facts, identity in work.new
            if not facts["posts"]
        ),
    )
    if work.changed:
        copy_update(
            PartyMember,
            (*IDENTITY_FIELDS, *MEMBER_FIELDS),
            (
                (
                    one.stored.pk,
                    *one.identity,
                    *((one.stored.facts | one.facts)[n] for n in MEMBER_FIELDS),
                )
                for one in work.changed
            ),
        )
    posts = [
        PostHeld(member_id=pk, post=post, started_on=since)
        for pk, (_, facts, _) in zip(ids, holders, strict=True)
        for post, since in facts["posts"]
    ]
    ended, moved = [], []
    for one in work.changed:
        if one.post is None:
            continue
        post, since = one.post
        kept = [pk for pk, held, _ in one.stored.posts if held == post]
        ended += [pk for pk, held, _ in one.stored.posts if held != post]
        moved += [(pk, since) for pk in kept]
        if post and not kept:
            posts.append(PostHeld(member_id=one.stored.pk, post=post, started_on=since))
    PostHeld.objects.filter(pk__in=ended).update(ended_on=Greatest(Value(today), "started_on"))
    if moved:
        copy_update(PostHeld, ("started_on",), moved)
    PostHeld.objects.bulk_create(posts)


def _record(plan: Plan, *, by: User, at: datetime, reason: str) -> None:
    """One audit row per township: who came in, and every changed field before and after."""
    work, post = plan.work, post_of(by)
    notes: dict[int, dict] = {pk: {"new": [], "changed": {}} for pk in work.townships}
    for village, facts, _ in work.new:
        notes[village.township_id]["new"].append(f"{village.name} {facts['name']}")
    for entry, one in zip(plan.changed, work.changed, strict=True):
        village = work.villages[one.stored.village_id]
        notes[village.township_id]["changed"][f"{entry.label} #{one.stored.pk}"] = {
            c.head: [c.before, c.after] for c in entry.changes
        }
    audit.record_many(
        [
            audit.entry(
                action="roster.imported",
                by=by,
                at=at,
                target=work.townships[pk],
                post=post,
                township_id=pk,
                reason=reason,
                changes={"after": note},
            )
            for pk, note in sorted(notes.items())
            if note["new"] or note["changed"]
        ]
    )
