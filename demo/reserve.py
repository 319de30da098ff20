"""The reserve pool of the demonstration, through its services."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.models import User
from candidates.enums import ReserveWay
from candidates.services import reserve
from candidates.services.reserve import Entry, Score
from villages.models import Village

from .plan import moment

TOPICS = ("村级财务管理（示范）", "基层治理（示范）", "农村电商（示范）")


def fill(random: Random, village: Village, *, by: User, on: date) -> None:
    """Nobody in one village of five; else one person, now and then with everything the pool asks for."""
    members = list(village.members.order_by("pk")[3:9])
    if random.random() < 0.2 or not members:
        return
    at, entered = moment(on, 11), on - timedelta(days=random.randint(60, 400))
    way = random.choice(list(ReserveWay))
    cadre = reserve.enter_reserve(
        member=random.choice(members),
        entry=Entry(
            way=way,
            recommender="本人" if way == ReserveWay.SELF else "示范推荐人",
            entered_on=entered,
            is_reserve_secretary=random.random() < 0.4,
            mentor="示范帮带人",
            mentor_post="包村干部（示范）",
        ),
        by=by,
        at=at,
    )
    if random.random() < 0.25:
        sent = {"cadre": cadre, "by": by, "at": at}
        reserve.add_training(
            **sent, held_on=entered + timedelta(days=30), topic=random.choice(TOPICS)
        )
        reserve.add_exercise(**sent, post="网格员（示范）", since=entered, until=None)
        reserve.assess_reserve(
            **sent,
            own=Score(Decimal(random.randint(85, 95)), on),
            public=Score(Decimal(random.randint(80, 95)), on),
            committee=Score(Decimal(random.randint(80, 95)), on),
        )
