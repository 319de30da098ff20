"""The audit trail: numbered and chained by the database, changed by nobody, checked by a command."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditChain, AuditEntry
from tests.factories.villages import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 20, 1, 0, tzinfo=UTC)


def write(count: int = 1, **more) -> list[AuditEntry]:
    user = UserFactory()
    return [
        audit.record(action="example.done", by=user, at=AT, target=user, **more)
        for _ in range(count)
    ]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def commit() -> None:
    """What the database does at the end of a transaction."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def test_rows_are_numbered_and_linked_per_chain():
    write(12)
    write(2, township_id=7)

    for chain, count in (("system", 12), ("township:7", 2)):
        rows = list(AuditEntry.objects.filter(chain=chain).order_by("seq"))
        assert [row.seq for row in rows] == list(range(1, count + 1))
        assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    commit()
    assert dict(AuditChain.objects.values_list("key", "seq")) == {"system": 12, "township:7": 2}
    assert list(audit.broken_rows()) == []


def test_many_rows_in_one_statement_are_chained_in_order():
    user = UserFactory()
    audit.record_many(
        [audit.entry(action=f"example.{n}", by=user, at=AT, target=user) for n in range(11)]
    )
    commit()

    rows = AuditEntry.objects.order_by("seq")
    assert [row.action for row in rows] == [f"example.{n}" for n in range(11)]
    assert list(audit.broken_rows()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET reason = 'x'",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
    ],
)
def test_database_refuses_every_change(statement):
    write()

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE accounts_auditentry SET reason = 'x' WHERE seq = 2", "第2条内容被改动"),
        ("DELETE FROM accounts_auditentry WHERE seq = 2", "第2条缺失"),
        ("DELETE FROM accounts_auditentry WHERE seq = 3", "末尾被截断（应到第3条）"),
    ],
)
def test_command_names_a_row_that_somebody_changed(tampering, words):
    write(3)
    commit()
    call_command("verify_audit")

    sql("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
    sql(tampering)
    sql("ALTER TABLE accounts_auditentry ENABLE TRIGGER USER")

    with pytest.raises(CommandError, match=words):
        call_command("verify_audit")
