"""Makes an undefined variable in one of our templates an error, in tests.

Django asks `string_if_invalid` whether it holds "%s" and then formats it with the variable: the one hook there is.
Templates of other packages keep Django's silence, and so do `{% if %}` and the `default` filters.
"""

import sys
from pathlib import Path


class UndefinedTemplateVariable(Exception):
    """A template of ours printed a variable that its view did not give."""


class UndefinedVariable(str):
    """The value for `string_if_invalid`: raises instead of printing nothing."""

    def __new__(cls, base_dir: Path):
        self = super().__new__(cls, "%s")
        self.own_templates = str(base_dir / "templates")
        return self

    def __mod__(self, variable) -> str:
        caller = sys._getframe(1).f_locals
        expression, context = caller.get("self"), caller.get("context")
        filters = getattr(expression, "filters", [])
        if any(function.__name__.startswith("default") for function, _ in filters):
            return self._filtered(filters, context)
        template = getattr(context, "template", None)
        rendering = getattr(context, "render_context", None)
        origin = getattr(getattr(rendering, "template", None) or template, "origin", None)
        name = str(getattr(origin, "name", ""))
        if name.startswith(self.own_templates):
            raise UndefinedTemplateVariable(f"{name}: {expression or variable}")
        return ""

    @staticmethod
    def _filtered(filters, context) -> str:
        value = ""
        for function, arguments in filters:
            values = [
                argument.resolve(context) if is_variable else argument
                for is_variable, argument in arguments
            ]
            value = function(value, *values)
        return value
