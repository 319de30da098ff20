"""常用筛选: kept, renamed, deleted by the person they belong to.

They are bookmarks: nobody else sees them and nothing depends on them, so they leave no row in the audit trail, where the
words somebody looked for would stay for good.
"""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign

from .. import rules
from ..models import SavedView
from ..selectors.saved import filters_of, names_campaign


@transaction.atomic
def save_view(
    *, page: str, campaign: Campaign, name: str, query: str, by: User, at: datetime
) -> SavedView:
    """Keep the filters of an address under a name. Raises Refused: nothing to keep, too long, too many, name taken."""
    others = _names(by, page)
    kept = filters_of(page, query)
    _refuse(rules.view_problems(name, kept, others=others))
    return SavedView.objects.create(
        user=by,
        page=page,
        campaign=campaign if names_campaign(kept) else None,
        name=name,
        query=kept,
        created_at=at,
    )


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: User) -> None:
    """Raises Refused (the name is taken)."""
    others = _names(by, view.page)
    own = SavedView.objects.visible_to(by).get(pk=view.pk)
    others.discard(own.name)
    _refuse(rules.view_problems(name, own.query, others=others))
    own.name = name
    own.save(update_fields=["name"])


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    SavedView.objects.visible_to(by).filter(pk=view.pk).delete()


def _names(user: User, page: str) -> set[str]:
    """The names the person uses for this list; the person's row serializes what they save."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    return set(SavedView.objects.visible_to(user).filter(page=page).values_list("name", flat=True))


def _refuse(problems: list[tuple[str, str]]) -> None:
    if problems:
        raise Refused(*(Problem(code, message) for code, message in problems))
