"""Writing and checking the audit trail."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, models

from .models import AuditChain, AuditEntry, User
from .triggers import HASHED, SEPARATOR

SYSTEM_CHAIN = "system"


def entry(
    *,
    action: str,
    by: User | None,
    at: datetime,
    target: models.Model,
    changes: dict | None = None,
    reason: str = "",
    township_id: int | None = None,
    campaign_id: int | None = None,
    chain: str | None = None,
    post: str = "",
) -> AuditEntry:
    """An unsaved entry. Its chain is `chain`, else the township's, else the system's. `by` None: the system itself."""
    return AuditEntry(
        chain=chain or (f"township:{township_id}" if township_id else SYSTEM_CHAIN),
        at=at,
        action=action,
        actor_id=by.pk if by else None,
        actor_username=by.username if by else "",
        actor_name=by.name if by else "系统",
        actor_post=post,
        target_label=target._meta.label,
        target_pk=str(target.pk),
        target_text=str(target)[:200],
        changes=changes or {},
        reason=reason,
        campaign_id=campaign_id,
        township_id=township_id,
    )


def record(**facts) -> AuditEntry:
    """Write one audit row (the arguments of `entry`) inside the caller's transaction: one statement."""
    row = entry(**facts)
    row.save(force_insert=True)
    return row


def record_many(rows: list[AuditEntry]) -> None:
    """Write many rows in one statement; the trigger numbers them in order."""
    AuditEntry.objects.bulk_create(rows)


def entry_hash(values: tuple) -> str:
    """The hash of a row's texts, in the order of triggers.HASHED."""
    return hashlib.sha256(SEPARATOR.join(v or "" for v in values).encode()).hexdigest()


def broken_rows() -> Iterator[str]:
    """Sentences naming rows whose number, link or hash is wrong, chain by chain, then chains that end too early or
    go on after their recorded end. May run while rows are being written."""
    texts = [
        "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')" if c == "at" else f"{c}::text"
        for c in HASHED
    ]
    before = _heads()
    chain, seq, previous = None, 0, ""
    last: dict[str, int] = {}
    reached = set()
    with connection.cursor() as cursor:
        cursor.execute(
            # Qualified: a bare "seq" would be the column of the answer, which is text and puts 10 before 2.
            f"SELECT id, hash, {', '.join(texts)} FROM accounts_auditentry AS entry"
            " ORDER BY entry.chain, entry.seq"
        )
        while rows := cursor.fetchmany(2000):
            for pk, stored, *values in rows:
                if values[0] != chain:
                    chain, seq, previous = values[0], 0, ""
                seq += 1
                if values[1] != str(seq):
                    yield f"审计链 {chain}：第{seq}条缺失（下一条为第{values[1]}条，行号{pk}）"
                    seq = int(values[1])
                elif (values[2] or "") != previous:
                    yield f"审计链 {chain}：第{seq}条与上一条不相连（行号{pk}）"
                if entry_hash(tuple(values)) != stored:
                    yield f"审计链 {chain}：第{seq}条内容被改动（行号{pk}）"
                previous = stored
                last[chain] = seq
                if before.get(chain) == (seq, stored):
                    reached.add(chain)
    yield from _wrong_ends(before, reached, last, _heads())


def _heads() -> dict[str, tuple[int, str]]:
    """Chain → number and hash of its recorded end."""
    return {key: (seq, head) for key, seq, head in AuditChain.objects.values_list()}


def _wrong_ends(before: dict, reached: set, last: dict[str, int], after: dict) -> Iterator[str]:
    """The rows were read between `before` and `after`: their ends must lie between those of both."""
    for key in sorted(before.keys() | last.keys()):
        if key in before and key not in reached:
            yield f"审计链 {key}：末尾被截断（应到第{before[key][0]}条）"
        elif last[key] > after.get(key, (0, ""))[0]:
            yield f"审计链 {key}：链尾登记缺失或落后（现有{last[key]}条）"
