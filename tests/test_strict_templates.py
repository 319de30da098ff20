"""Tests fail on an undefined variable in our own templates, and only there."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from config.settings.strict_templates import UndefinedTemplateVariable

OURS = str(Path(settings.BASE_DIR) / "templates" / "x.html")
PACKAGES = "/elsewhere/templates/x.html"


def render(source: str, origin: str = OURS, **context) -> str:
    engine = engines["django"].engine
    template = Template(source, origin=Origin(origin), name="x.html", engine=engine)
    return template.render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing }}",
        "{{ known.missing }}",
        "{{ missing|upper }}",
        "{% with x=missing %}{% endwith %}",
    ],
)
def test_undefined_variable_fails(source):
    with pytest.raises(UndefinedTemplateVariable):
        render(source, known={})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{% if missing %}yes{% else %}no{% endif %}", "no"),
        ("{{ missing|default:'–' }}", "–"),
        ("{% firstof missing 'x' %}", "x"),
        ("{{ known }}", "1"),
    ],
)
def test_expected_absence_is_allowed(source, shown):
    assert render(source, known=1) == shown


def test_templates_of_packages_keep_their_silence():
    assert render("[{{ missing }}]", origin=PACKAGES) == "[]"
