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


# --- what a checker finds ------------------------------------------------------------------------

#: The hash of a row as somebody with the database's password would compute it anew.
REHASH = """
    UPDATE accounts_auditentry SET hash = encode(sha256(convert_to(concat_ws(chr(31),
        chain, seq::text, prev_hash, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
        action, coalesce(actor_id::text, ''), actor_username, actor_name, actor_post, target_label,
        target_pk, target_text, changes::text, reason, coalesce(campaign_id::text, ''),
        coalesce(township_id::text, '')), 'UTF8')), 'hex') WHERE seq = 2
"""


def tamper(*statements: str) -> None:
    """Change rows as somebody would who may switch the triggers off."""
    for table in ("accounts_auditentry", "accounts_auditchain"):
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        sql(statement)
    for table in ("accounts_auditentry", "accounts_auditchain"):
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "action = 'example.undone'",
        "actor_id = 999",
        "actor_id = NULL",
        "actor_name = '示例乙'",
        "actor_post = '示例镇 领导'",
        "target_pk = '999'",
        "target_text = '示例丙'",
        'changes = \'{"after": {"n": 2}}\'',
        "campaign_id = 8",
        "township_id = NULL",
        "prev_hash = ''",
        "hash = repeat('0', 64)",
    ],
)
def test_every_column_of_a_row_is_covered_by_its_hash(change):
    write(3, township_id=7, campaign_id=5, changes={"after": {"n": 1}})
    commit()
    assert list(audit.broken_rows()) == []

    tamper(f"UPDATE accounts_auditentry SET {change} WHERE seq = 2")

    found = list(audit.broken_rows())
    assert any("审计链 township:7：第2条内容被改动" in sentence for sentence in found), found


def test_row_that_was_hashed_anew_no_longer_fits_the_next():
    write(3)
    commit()

    tamper(REHASH)
    assert list(audit.broken_rows()) == [], "the test computes hashes as the trigger does"
    tamper("UPDATE accounts_auditentry SET reason = 'x' WHERE seq = 2", REHASH)

    pk = AuditEntry.objects.get(seq=3).pk
    assert list(audit.broken_rows()) == [f"审计链 system：第3条与上一条不相连（行号{pk}）"]


def test_chain_that_was_emptied_is_found():
    write(2, township_id=7)
    write(1)
    commit()

    tamper("DELETE FROM accounts_auditentry WHERE chain = 'township:7'")

    assert list(audit.broken_rows()) == ["审计链 township:7：末尾被截断（应到第2条）"]


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        (
            "DELETE FROM accounts_auditchain WHERE key = 'township:7'",
            "链尾登记缺失或落后（现有2条）",
        ),
        (
            "UPDATE accounts_auditchain SET seq = 0, head = '' WHERE key = 'township:7'",
            "末尾被截断（应到第0条）",
        ),
        (
            "UPDATE accounts_auditchain SET seq = 9 WHERE key = 'township:7'",
            "末尾被截断（应到第9条）",
        ),
        (
            "UPDATE accounts_auditchain SET head = repeat('0', 64) WHERE key = 'township:7'",
            "末尾被截断（应到第2条）",
        ),
    ],
)
def test_command_names_a_chain_whose_recorded_end_is_gone_or_wrong(tampering, sentence):
    write(3)
    write(2, township_id=7)
    commit()

    tamper(tampering)

    assert list(audit.broken_rows()) == [f"审计链 township:7：{sentence}"]
    with pytest.raises(CommandError, match="审计链 township:7"):
        call_command("verify_audit")


def test_chain_that_is_recorded_without_any_row_is_found():
    write(2)
    commit()

    tamper("INSERT INTO accounts_auditchain (key, seq, head) VALUES ('township:7', 2, 'x')")

    assert list(audit.broken_rows()) == ["审计链 township:7：末尾被截断（应到第2条）"]


@pytest.mark.parametrize("count", [1, 3])
def test_next_row_does_not_hide_what_was_taken_from_the_end(count):
    write(3)
    commit()

    tamper(f"DELETE FROM accounts_auditentry WHERE seq > {3 - count}")
    write(1)
    commit()

    assert AuditEntry.objects.latest("seq").seq == 4
    assert any(f"审计链 system：第{4 - count}条缺失" in found for found in audit.broken_rows())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts_auditchain",
        "TRUNCATE accounts_auditchain",
        "UPDATE accounts_auditchain SET seq = 1",
        "UPDATE accounts_auditchain SET head = 'x'",
    ],
)
def test_database_refuses_to_forget_the_end_of_a_chain(statement):
    write(2)
    commit()

    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)

    assert list(audit.broken_rows()) == []


def test_chain_whose_end_nobody_remembers_is_found():
    write(3)
    commit()

    tamper(
        "DELETE FROM accounts_auditentry WHERE seq = 3",
        "DELETE FROM accounts_auditchain WHERE key = 'system'",
    )

    assert list(audit.broken_rows()) == ["审计链 system：链尾登记缺失或落后（现有2条）"]


def test_row_that_was_smuggled_in_after_the_end_is_found():
    write(2)
    commit()
    columns = ", ".join(f.column for f in AuditEntry._meta.fields if f.name not in ("id", "seq"))

    tamper(
        "UPDATE accounts_auditchain SET seq = 1, head = "
        "(SELECT hash FROM accounts_auditentry WHERE seq = 1)"
    )
    assert list(audit.broken_rows()) == ["审计链 system：链尾登记缺失或落后（现有2条）"]
    tamper(
        f"INSERT INTO accounts_auditentry (seq, {columns}) SELECT 4, {columns} "
        "FROM accounts_auditentry WHERE seq = 2"
    )
    assert any("第3条缺失" in sentence for sentence in audit.broken_rows())


@pytest.mark.parametrize("township_id", [None, 7, 8])
def test_rows_written_while_the_trail_is_checked_are_no_fault(township_id):
    write(3)
    write(2, township_id=7)
    commit()
    written = []

    def meanwhile(execute, statement, *more):
        if "FROM accounts_auditentry AS entry" in statement and not written:
            written.append(write(2, township_id=township_id))
            commit()
        return execute(statement, *more)

    with connection.execute_wrapper(meanwhile):
        assert list(audit.broken_rows()) == []
    assert written


def test_command_says_how_much_it_checked(capsys):
    write(3)
    write(2, township_id=7)
    commit()

    call_command("verify_audit")

    assert capsys.readouterr().out == "审计链完好：2条链，5条记录。\n"


def test_command_finds_an_empty_trail_in_order(capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == "审计链完好：0条链，0条记录。\n"


# --- how rows come to be -------------------------------------------------------------------------


def test_number_and_hash_are_the_database_s_whatever_is_sent():
    user = UserFactory()
    row = audit.entry(action="example.done", by=user, at=AT, target=user)
    row.seq, row.prev_hash, row.hash = 99, "x", "y"
    row.save(force_insert=True)
    commit()

    stored = AuditEntry.objects.get()
    assert (stored.seq, stored.prev_hash, len(stored.hash)) == (1, "", 64)
    assert list(audit.broken_rows()) == []


def test_what_was_rolled_back_leaves_no_gap():
    write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(2)
        raise ZeroDivisionError
    write(1)
    commit()

    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert list(audit.broken_rows()) == []


def test_row_keeps_who_the_actor_was():
    user = UserFactory(name="示例甲")
    audit.record(action="example.done", by=user, at=AT, target=user, post="示例镇 联络员")
    user.name = "示例乙"
    user.save()

    row = AuditEntry.objects.get()
    assert (row.actor_name, row.actor_post) == ("示例甲", "示例镇 联络员")
    assert (row.target_label, row.target_text) == ("accounts.User", f"示例甲（{user.username}）")


@pytest.mark.parametrize(
    ("facts", "chain"),
    [
        ({}, "system"),
        ({"township_id": 7}, "township:7"),
        ({"township_id": 7, "chain": "example"}, "example"),
    ],
)
def test_chain_of_a_row(facts, chain):
    user = UserFactory()

    assert audit.entry(action="example", by=user, at=AT, target=user, **facts).chain == chain
