"""A roll frozen through the service, with what a test changes of it."""

from datetime import date

from elections.enums import ExclusionReason
from elections.services import rolls
from tests.factories.elections import moment

DAY = date(2026, 9, 15)  # a Tuesday
AT = moment(DAY)


def freeze(election, user, **change):
    sent = {
        "published_on": DAY,
        "representatives": 30,
        "representatives_published_on": DAY,
        "exclusions": [],
    }
    return rolls.freeze_roll(election=election, by=user, at=AT, **sent | change)


def exclusion(member, **change):
    sent = {"reason": ExclusionReason.BEDRIDDEN, "superior_agreed_on": DAY, "adopted_on": DAY}
    return rolls.Exclusion(member.pk, **sent | change)
