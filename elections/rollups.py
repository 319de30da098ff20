"""Tells higher apps that a township's figures changed, in the same transaction as the write.

`settings.ROLLUPS` lists dotted paths of functions `refresh(*, campaign_id, township_ids, at)`. Bulk work
(imports, a demonstration) wraps itself in `deferred()` so that each township is recomputed once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

_pending: ContextVar[dict[int, set[int]] | None] = ContextVar("pending_rollups", default=None)


def refresh(*, campaign_id: int, township_ids: set[int], at: datetime) -> None:
    """Recompute these townships now, or at the end of the surrounding `deferred()`."""
    pending = _pending.get()
    if pending is not None:
        pending.setdefault(campaign_id, set()).update(township_ids)
        return
    for path in settings.ROLLUPS:
        import_string(path)(campaign_id=campaign_id, township_ids=township_ids, at=at)


@contextmanager
def deferred(*, at: datetime) -> Iterator[None]:
    """Collect townships and recompute each once at the end. Use inside one transaction."""
    token = _pending.set({})
    try:
        yield
        collected = _pending.get() or {}
    finally:
        _pending.reset(token)
    for campaign_id, township_ids in collected.items():
        refresh(campaign_id=campaign_id, township_ids=township_ids, at=at)
