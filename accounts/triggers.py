"""The database's part of the audit trail: numbering, hashing, and refusing any change."""

import pgtrigger

#: Columns of an entry that the hash covers, in this order, each as text; `audit.entry_hash` repeats it in Python.
HASHED = (
    "chain",
    "seq",
    "prev_hash",
    "at",
    "action",
    "actor_id",
    "actor_username",
    "actor_name",
    "actor_post",
    "target_label",
    "target_pk",
    "target_text",
    "changes",
    "reason",
    "campaign_id",
    "township_id",
)

SEPARATOR = "\x1f"


def _as_text(column: str) -> str:
    if column == "at":
        return "to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f"NEW.{column}::text"


_MATERIAL = ", ".join(f"coalesce({_as_text(column)}, '')" for column in HASHED)

#: Lock the chain (one per township, so townships do not wait for one another), number and hash the row. It follows the
#: recorded end where rows after it are gone: numbering them anew would hide that they were taken away.
CHAIN = f"""
    INSERT INTO accounts_auditchain (key, seq, head) VALUES (NEW.chain, 0, '')
        ON CONFLICT (key) DO NOTHING;
    SELECT seq, head AS hash INTO known FROM accounts_auditchain WHERE key = NEW.chain FOR UPDATE;
    SELECT seq, hash INTO last FROM accounts_auditentry
        WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
    IF known.seq > coalesce(last.seq, 0) THEN
        last := known;
    END IF;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.prev_hash := coalesce(last.hash, '');
    NEW.hash := encode(sha256(convert_to(concat_ws(chr(31), {_MATERIAL}), 'UTF8')), 'hex');
    RETURN NEW;
"""

#: At commit the chain remembers its last row, once: a row updated at every insert would keep all its dead versions
#: until the transaction ends, and an import of thousands of rows would read through them again and again.
HEAD = """
    IF NEW.seq = (SELECT max(seq) FROM accounts_auditentry WHERE chain = NEW.chain) THEN
        UPDATE accounts_auditchain SET seq = NEW.seq, head = NEW.hash WHERE key = NEW.chain;
    END IF;
    RETURN NULL;
"""


def _no_truncate(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'the audit trail is append-only';",
    )


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE, whoever asks."""
    return [
        pgtrigger.Protect(name="audit_no_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name="audit_no_delete", operation=pgtrigger.Delete),
        _no_truncate("audit_no_truncate"),
    ]


def only_forward() -> list[pgtrigger.Trigger]:
    """Triggers that keep the recorded end of a chain from being forgotten or set back."""
    return [
        pgtrigger.Protect(
            name="chain_only_forward",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(new__seq__lte=pgtrigger.F("old__seq")),
        ),
        pgtrigger.Protect(name="chain_no_delete", operation=pgtrigger.Delete),
        _no_truncate("chain_no_truncate"),
    ]
