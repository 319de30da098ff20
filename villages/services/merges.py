"""Two rows of one person: joined with a reason, parted again while nothing was built on it. Nothing is deleted."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem

from .. import rules
from ..gates import merge_problems, unmerge_problems
from ..models import MemberMerge, PartyMember
from ..permissions import check_can_merge
from .log import recorded, refuse


def _locked(*ids: int) -> dict[int, PartyMember]:
    """The rows locked in one order, so that two people merging the same rows do not wait for each other for ever."""
    rows = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("village__township")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


@transaction.atomic
def merge_members(
    *, member: PartyMember, survivor: PartyMember, reason: str, by: User, at: datetime
) -> MemberMerge:
    """Take `member` off the roster as a second row of `survivor`; posts and candidacies of both are the survivor's.

    Raises Forbidden (one of the two lies outside one's area), Refused.
    """
    rows = _locked(member.pk, survivor.pk)
    member, survivor = rows[member.pk], rows[survivor.pk]
    check_can_merge(by, member.village, survivor.village)
    today = timezone.localdate(at)
    refuse(_pair_problems(member, survivor, reason, today) or merge_problems(member))
    member.merged_into = survivor
    member.save(update_fields=["merged_into"])
    merge = MemberMerge.objects.create(
        member=member, survivor=survivor, reason=reason.strip(), by=by, at=at
    )
    _record(merge, "member.merged", reason=merge.reason, by=by, at=at)
    return merge


def _pair_problems(
    member: PartyMember, survivor: PartyMember, reason: str, today: date
) -> list[Problem]:
    """Why the two are not one person, or not to be joined this way round."""
    problems = []

    def no(code: str, words: str) -> None:
        problems.append(Problem(code, words, rules.ROSTER))

    if member.pk == survivor.pk:
        no("merge_self", "不能把一条并入它自己：请选另一条。")
    if member.merged_into_id or survivor.merged_into_id:
        no("merge_merged", "其中一条已经合并过：请在保留的一条上操作。")
    if member.former.exists():
        no("merge_survivor", f"已有其他记录并入{member.name}的这一条：请把它作为保留的一条。")
    if survivor.left_on and not member.left_on:
        no("merge_left", "保留的一条已转出，并入的一条仍在册：请交换，保留在册的一条。")
    numbers = {member.identity_hash, survivor.identity_hash} - {""}
    if len(numbers) > 1:
        no("merge_numbers", "两条的身份证号不同，不是同一个人：请先核对、更正身份证号。")
    if member.sex != survivor.sex:
        no("merge_sex", "两条的性别不同：请先核对更正，再合并。")
    under = {r.kind for r in member.restrictions.all() if rules.in_force(r, today)}
    if not under <= {r.kind for r in survivor.restrictions.all() if rules.in_force(r, today)}:
        no("merge_restricted", "并入的一条权利受限，保留的一条没有：请先在保留的一条上登记受限。")
    if not reason.strip():
        no("merge_reason", "请填写合并理由和依据。")
    return problems


@transaction.atomic
def undo_merge(*, merge: MemberMerge, by: User, at: datetime) -> MemberMerge:
    """Part the two rows again. Raises Forbidden, Refused (undone already, something was built on it, the number now
    stands on both)."""
    rows = _locked(merge.member_id, merge.survivor_id)
    merge = MemberMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    merge.member, merge.survivor = rows[merge.member_id], rows[merge.survivor_id]
    check_can_merge(by, merge.member.village, merge.survivor.village)
    if merge.undone_at:
        refuse([Problem("merge_undone", "这次合并已经撤销。", rules.ROSTER)])
    refuse(unmerge_problems(merge) + _same_roster_problems(merge))
    merge.member.merged_into = None
    merge.member.save(update_fields=["merged_into"])
    merge.undone_by, merge.undone_at = by, at
    merge.save(update_fields=["undone_by", "undone_at"])
    _record(merge, "member.unmerged", reason="", by=by, at=at)
    return merge


def _same_roster_problems(merge: MemberMerge) -> list[Problem]:
    """Parted, the two would stand on one roster with one number."""
    first, second = merge.member, merge.survivor
    same = first.village_id == second.village_id and first.identity_hash == second.identity_hash
    if not (same and first.identity_hash) or first.left_on or second.left_on:
        return []
    return [
        Problem(
            "identity_twice",
            "两条在同一村且身份证号相同，撤销后会重复：请先更正其中一条的身份证号。",
            rules.ROSTER,
        )
    ]


def _record(merge: MemberMerge, action: str, *, reason: str, by: User, at: datetime) -> None:
    """One audit row, and one more in the other township where the two rows lie in two."""
    villages = {row.village.township_id: row.village for row in (merge.member, merge.survivor)}
    words = {
        "member": f"{merge.member.village} {merge.member.name}",
        "survivor": f"{merge.survivor.village} {merge.survivor.name}",
    }
    for village in villages.values():
        recorded(
            action, merge.member, village, by=by, at=at, reason=reason, changes={"after": words}
        )
