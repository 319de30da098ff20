"""What is sealed opens with the same key and purpose only; what is hashed can be found again."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as st

from accounts import sealing

PURPOSE = "test.identity"
OTHER_KEY = "ab" * 32


@given(st.text())
def test_sealed_text_opens_again(text):
    assert sealing.unseal(sealing.seal(text, purpose=PURPOSE), purpose=PURPOSE) == text


def test_two_seals_of_one_text_differ():
    first, second = (sealing.seal("990000199001011239", purpose=PURPOSE) for _ in range(2))
    assert first != second
    assert first.startswith("a1.") and second.startswith("a1.")


def test_sealed_text_shows_nothing_of_the_text():
    assert "示范甲" not in sealing.seal("示范甲", purpose=PURPOSE)


def test_empty_text_stays_empty():
    assert sealing.seal("", purpose=PURPOSE) == ""
    assert sealing.unseal("", purpose=PURPOSE) == ""
    assert sealing.keyed_hash("", purpose=PURPOSE) == ""


def test_wrong_key_does_not_open(settings):
    sealed = sealing.seal("示范甲", purpose=PURPOSE)
    settings.DATA_KEY = OTHER_KEY
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(sealed, purpose=PURPOSE)


def test_other_purpose_does_not_open():
    sealed = sealing.seal("示范甲", purpose=PURPOSE)
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(sealed, purpose="test.reporter")


def test_every_changed_character_is_noticed():
    sealed = sealing.seal("示范甲", purpose=PURPOSE)
    for at in range(len(sealed) - 3):
        changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal(changed, purpose=PURPOSE)


@pytest.mark.parametrize(
    "text", ["示范甲", "a1", "a1.", "a1.AAAA", "a1.???", "z9.AAAAAAAAAAAAAAAAAAAA"]
)
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(text, purpose=PURPOSE)


def test_hash_is_stable_and_depends_on_key_and_purpose(settings):
    first = sealing.keyed_hash("990000199001011239", purpose=PURPOSE)
    assert first == sealing.keyed_hash("990000199001011239", purpose=PURPOSE)
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert first != sealing.keyed_hash("990000199001011239", purpose="test.reporter")
    settings.DATA_KEY = OTHER_KEY
    assert first != sealing.keyed_hash("990000199001011239", purpose=PURPOSE)


@pytest.mark.parametrize("module", ["test", "prod"])
@pytest.mark.parametrize("key", ["", "cd" * 8, "zz" * 32])
def test_settings_demand_a_key_and_say_what_it_is_for(module, key):
    environment = {**os.environ, "DATA_KEY": key, "ALLOWED_HOSTS": "workbench.example"}
    result = subprocess.run(
        [sys.executable, "-c", f"import config.settings.{module}"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "DATA_KEY" in result.stderr
    assert "64" in result.stderr
    assert not key or key not in result.stderr, "a wrong key may be nearly right"
