"""Asks the apps above, through the tables of config/stage_gates.py, whether two rows of one person may be joined or
parted. An entry is `f(*, member, since) -> list[Problem]`; `since` is when they were joined, None before."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.problems import Problem

from .models import MemberMerge, PartyMember


def merge_problems(member: PartyMember) -> list[Problem]:
    """Why the row may not be merged into another one now."""
    return _asked(settings.MERGE_GATES, member, since=None)


def unmerge_problems(merge: MemberMerge) -> list[Problem]:
    """What was built on a merge since: it can no longer be taken back."""
    return _asked(settings.UNMERGE_GATES, merge.survivor, since=merge.at)


def _asked(paths: Iterable[str], member: PartyMember, *, since: datetime | None) -> list[Problem]:
    return [p for path in paths for p in import_string(path)(member=member, since=since)]
