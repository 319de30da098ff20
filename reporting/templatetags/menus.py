"""The entries of the menus around every page, joined and escaped in Python and kept while they are the same.

With the template language they took a third of an ordinary page's time.
"""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..selectors.shell import NavItem

register = template.Library()

#: Different menus that are kept: one for each role and page.
KEPT = 1024
#: How many entries fit the tab bar of a phone.
TABS = 4


@register.filter
def side_links(items: Sequence[NavItem]) -> SafeString:
    """The sidebar."""
    return _links(tuple(items), "side-link", '<span class="side-badge">{}</span>')


@register.filter
def tab_links(items: Sequence[NavItem]) -> SafeString:
    """The tab bar of a phone: the first entries of the sidebar."""
    return _links(tuple(items[:TABS]), "tabbar-link", "<b>{}</b>")


@lru_cache(maxsize=KEPT)
def _links(items: tuple[NavItem, ...], css: str, badge: str) -> SafeString:
    links = []
    for item in items:
        active, current = (" active", ' aria-current="page"') if item.active else ("", "")
        links.append(
            f'<a class="{css}{active}" href="{escape(item.url)}"{current}>'
            f'<i class="bi bi-{item.icon}" aria-hidden="true"></i><span>{escape(item.label)}</span>'
            f"{badge.format(item.badge) if item.badge else ''}</a>"
        )
    return mark_safe("\n".join(links))


@register.filter
def campaign_options(campaigns: list, chosen: int) -> SafeString:
    """The choice of campaign."""
    return _options(tuple((campaign.pk, campaign.name) for campaign in campaigns), chosen)


@lru_cache(maxsize=KEPT)
def _options(campaigns: tuple[tuple[int, str], ...], chosen: int) -> SafeString:
    return mark_safe(
        "".join(
            f'<option value="{pk}"{" selected" if pk == chosen else ""}>{escape(name)}</option>'
            for pk, name in campaigns
        )
    )
