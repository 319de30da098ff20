"""Invented party members, plainly so: a surname with a pair of the sexagenary cycle (王甲子, 李乙丑).

Pure: a random generator in, dictionaries out. The same generator state gives the same people.
"""

from datetime import date
from random import Random

from villages.enums import Education, MemberStatus, Origin, Post, RestrictionKind, Sex
from villages.identity import check_digit

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
#: The sixty pairs of the cycle, used as given names so that nobody takes them for real people.
PAIRS = [STEMS[n % 10] + BRANCHES[n % 12] for n in range(60)]

EDUCATION = (
    [Education.PRIMARY] * 8
    + [Education.JUNIOR] * 34
    + [Education.SENIOR] * 34
    + [Education.COLLEGE] * 18
    + [Education.BACHELOR] * 6
)


#: No area's code begins with 99: whoever meets such a number sees that nobody has it.
NOWHERE = 99


def identity_number(place: int, order: int, *, born_on: date, sex: str) -> str:
    """A number that passes the checks and belongs to nobody: `order` tells the people of one village and day apart."""
    last = 2 * (order % 500) + (sex == Sex.MALE)
    first = f"{NOWHERE}{place % 10_000:04d}{born_on:%Y%m%d}{last:03d}"
    return first + check_digit(first)


def names(random: Random, count: int) -> list[str]:
    """`count` different invented names."""
    combined = [s + p for s in SURNAMES for p in PAIRS]
    return random.sample(combined, count)


def _born(random: Random, today: date, low: int, high: int) -> date:
    return date(
        today.year - random.randint(low, high), random.randint(1, 12), random.randint(1, 28)
    )


def members(random: Random, *, today: date, place: int = 0) -> list[dict]:
    """The roster of the village with number `place`: 8 in 100 villages have fewer than seven full members. The first three to five
    hold posts now (key `posts`); facts are arguments of villages' add_members."""
    small = random.random() < 0.08
    count = random.randint(5, 6) if small else random.randint(18, 52)
    committee = 1 if small else random.choice((3, 3, 5))
    people = []
    for number, name in enumerate(names(random, count)):
        leads = number < committee + 4
        born = _born(random, today, 28, 62) if leads else _born(random, today, 22, 84)
        age = today.year - born.year
        joined = date(born.year + random.randint(19, max(20, age - 2)), random.randint(1, 12), 15)
        joined = min(joined, date(today.year - 1, 6, 15))
        female = random.random() < (0.34 if leads else 0.24)
        # A village without a woman among its leading people is rare but real.
        people.append(
            {
                "name": name,
                "sex": Sex.FEMALE if female else Sex.MALE,
                "born_on": born,
                "joined_on": max(joined, date(born.year + 18, 7, 1)),
                "status": MemberStatus.FULL,
                "education": random.choice(EDUCATION[30:] if leads else EDUCATION),
                "origin": random.choice(list(Origin)[:6]) if leads else "",
                "is_women_director": False,
                "heads_village_committee": False,
                "on_village_committee": False,
                "posts": [],
            }
        )
    _statuses(random, people, committee, today)
    _offices(random, people, committee, today)
    _further(random, people, committee, today)
    for order, person in enumerate(people):
        person["identity"] = identity_number(
            place, order, born_on=person["born_on"], sex=person["sex"]
        )
    return people


def _further(random: Random, people: list[dict], committee: int, today: date) -> None:
    """More than one origin, and terms before the present one, for some of the leading people."""
    for person in people[:committee]:
        if random.random() < 0.3:
            others = [o for o in list(Origin)[:6] if o != person["origin"]]
            person["further_origins"] = [random.choice(others)]
        began = date(today.year - 10, 11, 20)
        if random.random() < 0.5 and began > person["joined_on"]:
            person["terms"] = [(Post.MEMBER, began, date(today.year - 5, 11, 20))]


def representatives(random: Random, *, today: date, place: int) -> list[dict]:
    """The villagers' representatives of one village, by groups; arguments of villages' add_representatives."""
    groups = random.randint(4, 9)
    people = []
    for order, name in enumerate(names(random, random.randint(24, 46))):
        sex = Sex.FEMALE if random.random() < 0.36 else Sex.MALE
        born_on = _born(random, today, 28, 68)
        people.append(
            {
                "name": name,
                "sex": sex,
                "born_on": born_on,
                "phone": "",
                "group": f"第{order % groups + 1}村民小组",
                "since": date(today.year - 5, 12, 20),
                "identity": identity_number(place, order, born_on=born_on, sex=sex),
            }
        )
    return people


def _statuses(random: Random, people: list[dict], committee: int, today: date) -> None:
    """A few probationary members; now and then one on party probation."""
    ordinary = people[committee + 4 :]
    for person in ordinary[-2:]:
        if random.random() < 0.5:
            person["status"] = MemberStatus.PROBATIONARY
            person["joined_on"] = date(today.year - 1, 7, 1)
            person["born_on"] = min(person["born_on"], date(today.year - 20, 1, 1))
    if ordinary and random.random() < 0.05:
        began = date(today.year - 1, random.randint(1, 12), 1)
        document = f"示范纪〔{began.year}〕{random.randint(1, 60)}号"
        kind = RestrictionKind.UNDER_PROBATION
        ordinary[0]["restrictions"] = [(kind, max(began, ordinary[0]["joined_on"]), None, document)]


def _offices(random: Random, people: list[dict], committee: int, today: date) -> None:
    """Posts held now: the first is secretary, the second deputy in larger committees, then members."""
    started = date(today.year - 5, 11, 20)
    for number, person in enumerate(people[:committee]):
        post = Post.SECRETARY if number == 0 else Post.MEMBER
        if number == 1 and committee == 5:
            post = Post.DEPUTY
        person["posts"] = [(post, started)]
    people[0]["heads_village_committee"] = random.random() < 0.7
    for person in people[1:committee]:
        person["on_village_committee"] = random.random() < 0.5
    women = [p for p in people if p["sex"] == Sex.FEMALE and p["status"] == MemberStatus.FULL]
    if women:
        women[0]["is_women_director"] = True
