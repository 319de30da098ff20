"""The digest against a text written out by hand."""

import hashlib
from datetime import date
from types import SimpleNamespace

import pytest

from elections.roll_digest import canonical_text, digest

DAY = date(2026, 9, 15)
HEAD = SimpleNamespace(version=2, published_on=DAY, voters=2, excluded=1, due=1)


def line(member_id, name, **more):
    plain = {"status": "full", "may_vote": True, "exclusion": ""}
    days = {"superior_agreed_on": None, "adopted_on": None}
    return SimpleNamespace(member_id=member_id, name=name, **plain | days | more)


LINES = (
    line(7, "王甲子"),
    line(12, "李乙丑", exclusion="bedridden", superior_agreed_on=date(2026, 9, 10), adopted_on=DAY),
    line(103, "张\t丙\\寅", status="probationary", may_vote=False),
)
TEXT = (
    "roll\t1\n"
    "2\t2026-09-15\t2\t1\t1\n"
    "7\t王甲子\tfull\t1\t\t\t\n"
    "12\t李乙丑\tfull\t1\tbedridden\t2026-09-10\t2026-09-15\n"
    "103\t张\\t丙\\\\寅\tprobationary\t0\t\t\t\n"
)


def test_text_is_as_documented_whatever_the_order_of_entry():
    assert canonical_text(HEAD, LINES) == TEXT
    assert canonical_text(HEAD, reversed(LINES)) == TEXT


def test_digest_of_the_vector():
    assert digest(HEAD, LINES) == hashlib.sha256(TEXT.encode()).hexdigest()
    assert digest(HEAD, LINES) == "a643494f39e39b10a1e42e3b9db676188b3bd65211d9ebed38680e18553f12c0"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "王甲丑"},
        {"status": "suspended"},
        {"may_vote": False},
        {"exclusion": "abroad"},
        {"superior_agreed_on": DAY},
        {"adopted_on": DAY},
    ],
)
def test_every_field_of_an_entry_counts(change):
    changed = SimpleNamespace(**vars(LINES[0]) | change)

    assert digest(HEAD, (changed, *LINES[1:])) != digest(HEAD, LINES)


@pytest.mark.parametrize("name", ["version", "published_on", "voters", "excluded", "due"])
def test_every_field_of_the_head_counts(name):
    other = date(2026, 9, 16) if name == "published_on" else 9
    changed = SimpleNamespace(**vars(HEAD) | {name: other})

    assert digest(changed, LINES) != digest(HEAD, LINES)


def test_nobody_can_be_left_out():
    assert digest(HEAD, LINES[:2]) != digest(HEAD, LINES)
