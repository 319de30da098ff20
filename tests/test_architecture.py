"""What the house promises about itself: contracts, gates, templates, static files, names in the README."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import get_commands
from django.template import engines
from django.utils.module_loading import import_string

from config import schedule
from config.celery import app as celery_app
from elections.enums import Stage
from workbooks.text import head_key

ROOT = Path(settings.BASE_DIR)
APPS = (
    "accounts",
    "workbooks",
    "villages",
    "elections",
    "groundwork",
    "candidates",
    "complaints",
    "reporting",
)
TEMPLATES = {str(path.relative_to(ROOT / "templates")) for path in ROOT.glob("templates/**/*.*")}
#: Django looks these up by name.
NAMED_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
STATIC_TAG = re.compile(r"""{%\s*static\s+["']([^"']+)["']\s*%}""")


def own_python() -> list[Path]:
    folders = [*APPS, "config", "demo"]
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout[-4000:]


def test_gates_belong_to_known_stages():
    assert set(settings.STAGE_GATES) <= set(Stage.values)


@pytest.mark.parametrize(
    "path", sorted({p for paths in settings.STAGE_GATES.values() for p in paths})
)
def test_gate_exists(path):
    assert callable(import_string(path))


@pytest.mark.parametrize("path", settings.ROLLUPS)
def test_rollup_exists(path):
    assert callable(import_string(path))


@pytest.mark.parametrize("path", settings.WORKBOOK_KINDS)
def test_workbook_kind_exists_and_is_whole(path):
    kind = import_string(path)
    names = [column.name for column in kind.columns]
    heads = [head_key(h) for column in kind.columns for h in (column.head, *column.synonyms)]

    assert callable(kind.plan) and callable(kind.apply)
    assert set(kind.key) <= set(names)
    assert (len(names), len(heads)) == (len(set(names)), len(set(heads)))


@pytest.mark.parametrize("name", sorted(schedule.BEAT_SCHEDULE))
def test_scheduled_task_exists(name):
    celery_app.loader.import_default_modules()

    assert schedule.BEAT_SCHEDULE[name]["task"] in celery_app.tasks


def test_tasks_go_to_queues_that_a_worker_reads():
    routed = {route["queue"] for route in schedule.TASK_ROUTES.values()}

    assert routed <= set(schedule.QUEUES)


def test_templates_are_all_used():
    texts = [path.read_text() for path in own_python()]
    texts += [(ROOT / "templates" / name).read_text() for name in TEMPLATES]
    everything = "\n".join(texts)
    computed = "|".join(
        re.sub(r"\\{.*?\\}", r"[\\w-]+", re.escape(name))
        for name in re.findall(r"""f["']([\w/{}.-]+\.html)["']""", everything)
    )
    unused = {
        name
        for name in TEMPLATES - NAMED_BY_DJANGO
        if name not in everything and not re.fullmatch(computed, name)
    }

    assert unused == set()


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_compiles(name):
    assert engines["django"].get_template(name)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_has_nothing_inline(name):
    text = (ROOT / "templates" / name).read_text()
    inline = re.findall(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son\w+=[\"']", text
    )

    assert inline == []


def test_static_files_named_in_templates_exist():
    named = {
        path
        for name in TEMPLATES
        for path in STATIC_TAG.findall((ROOT / "templates" / name).read_text())
    }

    assert {path for path in named if finders.find(path) is None} == set()


def test_readme_names_exist():
    text = (ROOT / "README.md").read_text()
    paths = re.findall(r"`((?:scripts|docs|tests|config)/[\w./-]+)`", text)
    commands = re.findall(r"manage\.py ([a-z]\w+)", text)
    missing = [path for path in paths if not (ROOT / path).exists()]
    unknown = [command for command in commands if command not in get_commands()]

    assert (missing, unknown) == ([], [])
