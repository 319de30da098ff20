"""The rulebook names every rule, every parameter and every test, and docs/rules.md is written from it."""

import inspect
from pathlib import Path

from django.conf import settings

from elections import rules, strokes
from elections.rulebook import RULEBOOK, markdown
from elections.services.campaigns import PARAMETERS

from . import test_rule_properties, test_rules, test_strokes


def test_every_function_of_the_rules_stands_in_the_book_once():
    functions = [
        name
        for module in (rules, strokes)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
    ]

    assert sorted(name for e in RULEBOOK for name in e.functions) == sorted(functions)


def test_every_parameter_moves_a_rule():
    assert sorted(p for e in RULEBOOK for p in e.parameters) == sorted(PARAMETERS)


def test_every_test_is_named_and_there():
    written = [
        name
        for module in (test_rules, test_rule_properties, test_strokes)
        for name in vars(module)
        if name.startswith("test_")
    ]

    assert sorted(name for e in RULEBOOK for name in e.tests) == sorted(written)


def test_document_is_written_from_the_book():
    text = (Path(settings.BASE_DIR) / "docs" / "rules.md").read_text()

    assert text == markdown(), "write elections.rulebook.markdown() to docs/rules.md"
