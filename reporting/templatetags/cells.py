"""The cells of the two grids, joined and escaped in Python.

A grid has several hundred cells; with the template language they took two thirds of the page's time.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def heat_cells(cells: Iterable, villages_url: str) -> SafeString:
    """Cells of a township's line: n/total, each leading to the villages that have settled the stage."""
    base = escape(villages_url)
    return mark_safe(
        "".join(
            f'<td class="heat heat-{cell.heat}"><a href="{base}done={cell.head.code}"'
            f' title="{escape(cell.title)}">{cell.done}/{cell.total}</a></td>'
            for cell in cells
        )
    )


@register.filter
def plain_heat(cells: Iterable) -> SafeString:
    """Cells of a line above county: n/total without a list behind, for there is one only in each county."""
    return mark_safe(
        "".join(
            f'<td class="heat heat-{cell.heat}" title="{escape(cell.title)}">{cell.done}/{cell.total}</td>'
            for cell in cells
        )
    )


@register.filter
def sign_cells(cells: Iterable) -> SafeString:
    """Cells of a village's line: the sign of each stage's state, leading to the stage."""
    return mark_safe(
        "".join(
            f'<td class="sign-cell"><a href="{escape(cell.url)}" title="{escape(cell.title)}">'
            f'<i class="sign sign-{cell.state.value}" aria-hidden="true"></i>'
            f'<span class="visually-hidden">{escape(cell.state.label)}</span></a></td>'
            for cell in cells
        )
    )
