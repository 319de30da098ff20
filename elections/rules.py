"""What the regulations say about voters, meetings and ballots, as pure functions of numbers and dates.

Values in; a number, a bool, a small frozen dataclass or a list of Problem out. No database, no clock.
Citations: an article number stands only where the article was read; otherwise the regulation's name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from accounts.problems import Problem

ELECTION_REGULATION = "《中国共产党基层组织选举工作条例》"
RURAL_REGULATION = "《中国共产党农村基层组织工作条例》"
BRANCH_REGULATION = "《中国共产党支部工作条例（试行）》"
MANUAL = "本届换届工作方案（活动参数）"

#: Quorum of the electing meeting: four fifths of those due to attend.
QUORUM = Fraction(4, 5)
#: From this number of full members on, a branch elects a committee.
COMMITTEE_FROM_MEMBERS = 7
#: From this number of full members on, a village has a branch of its own.
BRANCH_FROM_MEMBERS = 3
#: From this number of members on, a village organisation may be a party committee.
COMMITTEE_ORGANISATION_FROM = 100
TERM_YEARS = 5

#: organisation kind → (fewest, usual most, most) committee members.
COMMITTEE_SIZES: Mapping[str, tuple[int, int, int]] = {
    "branch": (3, 5, 7),
    "joint_branch": (3, 5, 7),
    "general_branch": (5, 7, 7),
    "committee": (5, 7, 9),
}

#: A person's standing that carries the right to vote and to be elected.
VOTING_STATUSES = frozenset({"full"})


def may_vote(status: str) -> bool:
    """Whether a member of this status votes: full members only; probationary members, members on
    party probation and members whose rights are suspended do not (条例第五条)."""
    return status in VOTING_STATUSES


def ceil_share(count: int, share: Fraction) -> int:
    """The smallest whole number not below count × share."""
    return -(-count * share.numerator // share.denominator)


# --- meetings -----------------------------------------------------------------------------------


def quorum_needed(due: int, *, strict: bool = False) -> int:
    """Fewest voters present for a valid electing meeting. `strict`: more than 4/5 (1990 wording), else not fewer."""
    needed = ceil_share(due, QUORUM)
    return needed + 1 if strict and Fraction(needed) == due * QUORUM else needed


def quorum_problems(*, due: int, present: int, strict: bool = False) -> list[Problem]:
    """Problems of attendance at an electing meeting (条例: voters present not fewer than 4/5 of those due)."""
    problems = attendance_problems(due=due, present=present)
    needed = quorum_needed(due, strict=strict)
    if not problems and present < needed:
        word = "超过" if strict else "达到"
        problems.append(
            Problem(
                "quorum",
                f"应到会{due}人，实到会有选举权的党员{present}人，未{word}五分之四（至少{needed}人），"
                f"还差{needed - present}人，不能进行选举。请另行召开大会后再登记。",
                ELECTION_REGULATION,
            )
        )
    return problems


def attendance_problems(*, due: int, present: int) -> list[Problem]:
    """Those present cannot outnumber those due; a meeting of nobody is none."""
    if due <= 0:
        return [Problem("due", "应到会人数为0：请先核定名册和应到会人数。", ELECTION_REGULATION)]
    if present > due:
        return [
            Problem("attendance", f"实到{present}人多于应到{due}人：请核对到会人数或名册。", MANUAL)
        ]
    return []


def named_attendance_problems(
    *, attended: Collection[int], due: Collection[int], typed: int | None
) -> list[Problem]:
    """Attendance by name: only those due, each in person (条例第二十四条: 未到会的不能委托他人代为投票); the number
    typed, if any, is theirs."""
    problems = []
    if strangers := set(attended) - set(due):
        problems.append(
            Problem(
                "attended_not_due",
                f"所选到会人员中有{len(strangers)}人不在应到会名单上：请刷新页面后重选。",
                ELECTION_REGULATION,
            )
        )
    named = len(set(attended))
    if typed not in (None, named):
        problems.append(
            Problem(
                "attendance_contradicts",
                f"按姓名登记到会{named}人，所填实到{typed}人：请核对名单，或不填实到人数。",
                MANUAL,
            )
        )
    return problems


def absent_teller_problems(absent: Iterable[str]) -> list[Problem]:
    """Whoever counts or watches the count is at the meeting: `absent` were due and are not among those present."""
    return [
        Problem(
            "absent_teller",
            f"{name}是监票人或计票人，但没有登记到会：请核对到会人员，或另选监票人、计票人。",
            f"{ELECTION_REGULATION}第二十二条",
        )
        for name in absent
    ]


def recommendation_problems(
    *, due: int, present: int, numerator: int, denominator: int, body: str
) -> list[Problem]:
    """Attendance at a recommendation meeting against the campaign's share (a local parameter, usually 2/3)."""
    problems = attendance_problems(due=due, present=present)
    needed = ceil_share(due, Fraction(numerator, denominator))
    if not problems and present < needed:
        problems.append(
            Problem(
                "recommendation_quorum",
                f"{body}应到{due}人，实到{present}人，未达到{numerator}/{denominator}（至少{needed}人），"
                f"还差{needed - present}人，推荐无效，须重新召开。",
                MANUAL,
            )
        )
    return problems


def recommendation_vote_problems(
    *, present: int, votes: Mapping[str, int], most_names: int
) -> list[Problem]:
    """Votes per recommended person (name → votes): nobody has more votes than voters present, and all votes
    together fit into ballots of at most `most_names` names each."""
    problems = [
        Problem(
            "recommendation_votes",
            f"{name}得推荐票{count}张，多于到会{present}人：请核对计票单。",
            MANUAL,
        )
        for name, count in votes.items()
        if count > present
    ]
    total = sum(votes.values())
    if total > present * most_names:
        problems.append(
            Problem(
                "recommendation_total",
                f"推荐票合计{total}张，多于到会{present}人×每票最多{most_names}人={present * most_names}张：请核对计票单。",
                MANUAL,
            )
        )
    return problems


# --- seats and nominees -------------------------------------------------------------------------


def needs_committee(full_members: int) -> bool:
    """A branch with at least seven full members elects a committee; below that only a secretary
    (and, if needed, a deputy)."""
    return full_members >= COMMITTEE_FROM_MEMBERS


def seat_problems(*, kind: str, full_members: int, seats: int) -> list[Problem]:
    """Committee seats against the organisation's kind and its full members. Seats include secretary and deputy."""
    if not needs_committee(full_members):
        if seats:
            return [
                Problem(
                    "no_committee",
                    f"正式党员{full_members}人，不足{COMMITTEE_FROM_MEMBERS}人，不设委员会：委员职数应为0，"
                    "由党员大会直接选举书记。",
                    BRANCH_REGULATION,
                )
            ]
        return []
    low, _, high = COMMITTEE_SIZES[kind]
    if low <= seats <= high:
        return []
    return [
        Problem(
            "committee_size",
            f"委员会职数为{seats}，应在{low}至{high}名之间：请改正职数。",
            RURAL_REGULATION,
        )
    ]


def organisation_problems(
    *, kind: str, full_members: int, members: int, county_approval: str = ""
) -> list[Problem]:
    """The organisation's kind against its members: fewer than three full members join a neighbour's branch; a party
    committee needs a hundred members and the county's approval (its number). A general branch is usual above fifty
    members and may be set up below (农村基层组织工作条例第五条)."""
    problems = []

    def refuse(code: str, message: str) -> None:
        problems.append(Problem(code, message, f"{RURAL_REGULATION}第五条"))

    if full_members < BRANCH_FROM_MEMBERS and kind != "joint_branch":
        refuse(
            "joint_branch",
            f"正式党员{full_members}人，不足{BRANCH_FROM_MEMBERS}人，应与邻近村成立联合党支部：请改正党组织类别。",
        )
    if kind == "committee" and members < COMMITTEE_ORGANISATION_FROM:
        refuse(
            "organisation_kind",
            f"党员{members}人，不足{COMMITTEE_ORGANISATION_FROM}人，不能设党委：请改正党组织类别。",
        )
    if kind == "committee" and not county_approval.strip():
        refuse("county_approval", "设党委须经县级党委批准：请填写县委批准文号。")
    return problems


def deputy_problems(*, committee_seats: int, deputy_seats: int) -> list[Problem]:
    """Deputies leave at least one ordinary seat beside the secretary; a branch without a committee has at most one."""
    most = max(0, committee_seats - 2) if committee_seats else 1
    if deputy_seats <= most:
        return []
    return [
        Problem(
            "deputies",
            f"副书记职数为{deputy_seats}，最多{most}名：请改正职数。",
            BRANCH_REGULATION,
        )
    ]


def exclusion_problems(
    *,
    name: str,
    may_vote: bool,
    superior_agreed_on: date | None,
    adopted_on: date | None,
    today: date,
) -> list[Problem]:
    """One person left out of 应到会: only somebody with a vote, agreed by the superior, adopted by the meeting
    (中组部 interpretation of those who may be left out)."""
    source = "中组部关于选举应到会人数的答复"
    problems = []
    if not may_vote:
        problems.append(
            Problem(
                "exclusion_no_vote",
                f"{name}没有选举权，本来就不计入应到会：请不要重复扣除。",
                source,
            )
        )
    if superior_agreed_on is None:
        problems.append(
            Problem("exclusion_agreed", f"{name}：缺少上级党委同意日期，不能不计入应到会。", source)
        )
    if adopted_on is None:
        problems.append(
            Problem(
                "exclusion_adopted", f"{name}：缺少党员大会通过日期，不能不计入应到会。", source
            )
        )
    if any(day and day > today for day in (superior_agreed_on, adopted_on)):
        problems.append(Problem("future", f"{name}：同意或通过日期在今天之后，请核对。", source))
    return problems


def candidates_needed(seats: int, *, surplus_percent: int = 20) -> int:
    """Fewest candidates for `seats` committee seats: seats plus the surplus rounded up (3→4, 5→6, 7→9)."""
    return seats + ceil_share(seats, Fraction(surplus_percent, 100))


def ballot_candidates_needed(*, seats: int, has_committee: bool, surplus_percent: int = 20) -> int:
    """Fewest candidates at the members' meeting: with the surplus for a committee; for a secretary elected
    directly an equal number is the practice (支部不设委员会的，书记由党员大会选举)."""
    return candidates_needed(seats, surplus_percent=surplus_percent) if has_committee else seats


def surplus_problems(*, seats: int, candidates: int, surplus_percent: int = 20) -> list[Problem]:
    """Committee candidates exceed seats by at least 20 %."""
    needed = candidates_needed(seats, surplus_percent=surplus_percent)
    if candidates >= needed:
        return []
    return [
        Problem(
            "surplus",
            f"应选委员{seats}名，候选人{candidates}名，差额不足{surplus_percent}%（至少{needed}名），"
            f"还缺{needed - candidates}名：请补充推荐（递补）后再提交。",
            ELECTION_REGULATION,
        )
    ]


def women_problems(
    *, women: int, minimum: int, gate: str, remedy: str = "请补充女性人选，或申请例外并说明理由"
) -> list[Problem]:
    """Women among the people of one gate against the campaign's minimum. An approved exception lifts it."""
    if women >= minimum:
        return []
    return [
        Problem(
            "women",
            f"{gate}中女性{women}名，少于本届要求的{minimum}名：{remedy}。",
            MANUAL,
        )
    ]


def women_warnings(*, eligible: int, minimum: int) -> list[Problem]:
    """Early warning: with fewer women who may be elected than the gates ask for, the village cannot pass them."""
    if eligible >= minimum:
        return []
    return [
        Problem(
            "women_early",
            f"本村有被选举权的女党员{eligible}名，少于女性人选要求的{minimum}名：请及早动员、培养，"
            "确有困难的在“确定初步人选”环节申请例外。",
            MANUAL,
        )
    ]


@dataclass(frozen=True)
class Merged:
    """One person's place in the merged recommendation. `score`: what the merge rule orders by, most first (votes, or
    votes × percent); `tier`: 0 is always ahead of 1 and so on; people of `tier` ≤ `SURE_TIER` are all nominees."""

    person: int
    members: int
    villagers: int
    score: int
    tier: int = 0

    @property
    def total(self) -> int:
        return self.members + self.villagers

    @property
    def weighted_words(self) -> str:
        """The score of the weighted rule, in votes: 12.75."""
        return f"{self.score / 100:g}"


#: Tiers of top_of_both that are nominees whatever their number: first places of both lists, then of one.
SURE_TIER = 1


def merge_recommendations(
    members: Mapping[int, int],
    villagers: Mapping[int, int],
    *,
    rule: str = "sum",
    member_percent: int = 50,
    seats: int = 0,
) -> list[Merged]:
    """Both recommendations (person → votes) in merged order; equal places by members' votes, then by the order of
    entry. Nobody without a vote is listed.

    Rules (a local parameter; county manuals know these three). sum: by the sum of votes. weighted: members' votes × `member_percent` + villagers' votes × the rest. top_of_both:
    the first `seats` of each list (ties at the cut included): those on both first, then those on one, then each
    list's following places, within a tier by the sum.
    """
    places = _places(members), _places(villagers)
    merged = []
    for person in members.keys() | villagers.keys():
        mine, theirs = members.get(person, 0), villagers.get(person, 0)
        if not mine + theirs:
            continue
        score, tier = mine + theirs, 0
        if rule == "weighted":
            score = mine * member_percent + theirs * (100 - member_percent)
        elif rule == "top_of_both":
            tier = _tier([of.get(person) for of in places], seats)
        merged.append(Merged(person, mine, theirs, score, tier))
    return sorted(merged, key=lambda m: (m.tier, -m.score, -m.members, m.person))


def _places(votes: Mapping[int, int]) -> dict[int, int]:
    """Person → place in one list, 1 for most votes; equal votes share a place."""
    counts = sorted((v for v in votes.values() if v), reverse=True)
    return {person: counts.index(v) + 1 for person, v in votes.items() if v}


def _tier(places: list[int | None], seats: int) -> int:
    """0: among the first on both lists; 1: on one; then one more for each place further down the better list."""
    held = [place for place in places if place is not None]
    if len(held) == len(places) and max(held) <= seats:
        return 0
    return SURE_TIER + max(0, min(held) - seats)


def preliminary_nominees(
    merged: Sequence[Merged], *, wanted: int, rule: str = "sum"
) -> list[Merged]:
    """The first `wanted` people of the merged order, with everyone tied with the last of them: nobody is
    cut by the order of entry. Under top_of_both everybody among the first of either list is kept, too."""
    if wanted <= 0 or not merged:
        return []
    if rule == "top_of_both":
        wanted = max(wanted, sum(m.tier <= SURE_TIER for m in merged))
    last = merged[min(wanted, len(merged)) - 1]

    def place(m: Merged) -> tuple[int, int, int]:
        return (m.tier, -m.score, -m.members)

    return [m for m in merged if place(m) <= place(last)]


# --- notices ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calendar:
    """`holidays` are off, `workdays` (调休) are worked; known up to and including the day `through`."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    through: date = date.max


WEEKENDS_ONLY = Calendar()


def working_days(first: date, last: date, calendar: Calendar = WEEKENDS_ONLY) -> int:
    """Working days from `first` to `last`, both included."""
    days = ((first + timedelta(n)) for n in range((last - first).days + 1))
    return sum(
        d in calendar.workdays or (d.weekday() < 5 and d not in calendar.holidays) for d in days
    )


def working_days_after(first: date, count: int, calendar: Calendar = WEEKENDS_ONLY) -> date:
    """The first day on which `count` working days, `first` included, have passed (`count` at least 1)."""
    day = first
    while working_days(first, day, calendar) < count:
        day += timedelta(1)
    return day


def plan_problems(*, days: Mapping[str, date], first: date, last: date) -> list[Problem]:
    """A plan (stages in the procedure's order → planned day) lies within the campaign and never runs backwards.

    A stage is named by its label where it has one.
    """
    problems = []
    latest: tuple[str, date] | None = None
    for stage, day in days.items():
        name = getattr(stage, "label", stage)
        if not first <= day <= last:
            problems.append(
                Problem(
                    "plan_range",
                    f"“{name}”计划{day:%Y-%m-%d}，不在换届工作期间（{first:%Y-%m-%d}至{last:%Y-%m-%d}）：请改正。",
                    MANUAL,
                )
            )
        elif latest and day < latest[1]:
            problems.append(
                Problem(
                    "plan_order",
                    f"“{name}”计划{day:%Y-%m-%d}，早于前面的“{latest[0]}”（{latest[1]:%Y-%m-%d}）：程序不得倒置，请改正。",
                    MANUAL,
                )
            )
        else:
            latest = (name, day)
    return problems


def working_days_late(
    planned_on: date | None, today: date, calendar: Calendar = WEEKENDS_ONLY
) -> int:
    """Working days that have passed since the planned day, today included; 0 up to and on that day."""
    if planned_on is None or planned_on >= today:
        return 0
    return working_days(planned_on + timedelta(1), today, calendar)


def last_working_day(today: date, calendar: Calendar = WEEKENDS_ONLY) -> date:
    """Today, or the last day before it that was worked: what was planned for an earlier day is late."""
    while not working_days(today, today, calendar):
        today -= timedelta(1)
    return today


def lateness(days_late: int, *, red_after: int) -> str:
    """yellow once a planned day has passed, red after more than `red_after` working days; empty when in time."""
    if not days_late:
        return ""
    return "red" if days_late > red_after else "yellow"


def notice_problems(
    *, starts_on: date, ends_on: date, minimum: int, calendar: Calendar = WEEKENDS_ONLY
) -> list[Problem]:
    """A public notice lasts at least `minimum` working days, first and last day included (a campaign parameter).

    The refusal says until which day it must last.
    """
    if ends_on < starts_on:
        return [Problem("notice_order", "公示截止日早于开始日：请改正日期。", MANUAL)]
    days = working_days(starts_on, ends_on, calendar)
    if days >= minimum:
        return []
    enough = working_days_after(starts_on, minimum, calendar)
    unknown = (
        "（其中部分日期的放假安排尚未公布，只扣除了周末）" if enough > calendar.through else ""
    )
    return [
        Problem(
            "notice_days",
            f"公示{starts_on:%m月%d日}至{ends_on:%m月%d日}共{days}个工作日（不含法定节假日和周末，含调休上班日），"
            f"少于{minimum}个工作日：请公示至{enough:%m月%d日}或以后{unknown}。",
            MANUAL,
        )
    ]


def ballot_day_problems(*, held_on: date, notice_ends_on: date) -> list[Problem]:
    """The electing meeting is held after the last day of the candidates' notice."""
    if held_on > notice_ends_on:
        return []
    return [
        Problem(
            "notice_running",
            f"公示至{notice_ends_on:%Y-%m-%d}结束，党员大会不得在此前（含当日）召开："
            f"登记的召开日期为{held_on:%Y-%m-%d}。",
            MANUAL,
        )
    ]


def term_end(elected_on: date) -> date:
    """The day before the fifth anniversary: village organisations serve five years."""
    try:
        anniversary = elected_on.replace(year=elected_on.year + TERM_YEARS)
    except ValueError:  # 29 February
        anniversary = date(elected_on.year + TERM_YEARS, 3, 1)
    return anniversary - timedelta(days=1)


def a_year_from(day: date, years: int) -> date:
    """The same day `years` later (negative: earlier); 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def term_problems(*, term_ends_on: date, ballot_on: date, approval: str = "") -> list[Problem]:
    """The election is due when the term ends; an early or a late one needs the superior's approval (its number), and
    neither is more than a year (条例第三条)."""
    if ballot_on == term_ends_on:
        return []
    word = "延期" if ballot_on > term_ends_on else "提前"
    citation = f"{ELECTION_REGULATION}第三条"
    dates = f"本届{term_ends_on:%Y-%m-%d}届满，选举日期{ballot_on:%Y-%m-%d}"
    if not a_year_from(term_ends_on, -1) <= ballot_on <= a_year_from(term_ends_on, 1):
        return [
            Problem("term_year", f"{dates}，{word}超过一年，不能办理：请核对届满日期。", citation)
        ]
    if not approval.strip():
        return [
            Problem(
                "term_approval",
                f"{dates}，属于{word}换届，须经上级党组织批准：请填写批准文号（本村的填在本页，全县统一批准的填在“规则与参数”）。",
                citation,
            )
        ]
    return []


# --- ballots ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """Votes of one person in one round. `written_in` (另选人): not on the ballot; only votes in favour exist."""

    person: int
    name: str
    in_favour: int
    against: int = 0
    abstained: int = 0
    written_in: bool = False


@dataclass(frozen=True)
class Round:
    """One round of voting. `kind`: main, runoff (tied people again) or further (vacancies). Counts are ballots."""

    kind: str
    seats: int
    present: int
    issued: int
    returned: int
    valid: int
    invalid: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True)
class Outcome:
    """Who is elected after the rounds so far (in order of votes), who is tied at the cut, seats still open,
    and which kind of round, if any, must follow."""

    elected: tuple[int, ...]
    tied: tuple[int, ...]
    open_seats: int
    next_round: str | None

    @property
    def is_settled(self) -> bool:
        return self.open_seats == 0


def majority_needed(present: int) -> int:
    """Votes in favour that elect: more than half of the voters actually present (条例: 实到会有选举权的人数)."""
    return present // 2 + 1


def majority_sentence(tally: Tally, *, present: int) -> str:
    """The outcome of one candidate in words, e.g. 实到30人，过半数为16票，得15票，差1票。"""
    needed = majority_needed(present)
    gap = needed - tally.in_favour
    end = f"差{gap}票，未当选" if gap > 0 else "超过半数"
    return f"实到{present}人，过半数为{needed}票，{tally.name}得{tally.in_favour}票，{end}。"


def round_problems(ballot: Round) -> list[Problem]:
    """Arithmetic of one round: returned ≤ issued ≤ present; valid + invalid = returned; for, against and
    abstentions of each candidate = valid; all votes in favour ≤ valid × seats; somebody is written in only by a
    voter who is against a candidate (条例第二十五条), so all write-ins together ≤ all votes against."""
    problems = []

    def refuse(code: str, message: str, citation: str = ELECTION_REGULATION) -> None:
        problems.append(Problem(code, message, citation))

    if ballot.issued > ballot.present:
        refuse(
            "issued",
            f"发出选票{ballot.issued}张，多于实到有选举权的{ballot.present}人：请核对发票数。",
        )
    if ballot.returned > ballot.issued:
        refuse(
            "returned",
            f"收回选票{ballot.returned}张，多于发出的{ballot.issued}张，选举无效，应当重新选举。",
        )
    if ballot.valid + ballot.invalid != ballot.returned:
        refuse(
            "valid",
            f"有效票{ballot.valid}张＋无效票{ballot.invalid}张≠收回{ballot.returned}张：请核对计票单。",
        )
    for t in ballot.tallies:
        cast = t.in_favour + t.against + t.abstained
        if t.written_in:
            if t.in_favour > ballot.valid:
                refuse(
                    "write_in_votes",
                    f"另选人{t.name}得{t.in_favour}票，多于有效票{ballot.valid}张：请核对计票单。",
                )
        elif cast != ballot.valid:
            refuse(
                "tally",
                f"{t.name}：赞成{t.in_favour}＋不赞成{t.against}＋弃权{t.abstained}={cast}，"
                f"不等于有效票{ballot.valid}张：请核对计票单。",
            )
    written = sum(t.in_favour for t in ballot.tallies if t.written_in)
    against = sum(t.against for t in ballot.tallies)
    if written > against:
        refuse(
            "write_in",
            f"另选人得票合计{written}票，多于不赞成票合计{against}票：只有对候选人投不赞成票的才可以另选他人，"
            "弃权的不能另选，请核对计票单。",
            f"{ELECTION_REGULATION}第二十五条",
        )
    in_favour = sum(t.in_favour for t in ballot.tallies)
    if in_favour > ballot.valid * ballot.seats:
        refuse(
            "over_choosing",
            f"赞成票合计{in_favour}张，多于有效票{ballot.valid}张×应选{ballot.seats}名"
            f"={ballot.valid * ballot.seats}张：所选人数超过应选名额的选票应计为无效票。",
        )
    return problems


def _fill(ranked: list[Tally], seats: int) -> tuple[list[int], list[int]]:
    """The first `seats` of `ranked` (most votes first), and those tied across the cut, who are not elected yet."""
    if len(ranked) <= seats or seats == 0:
        return [t.person for t in ranked[:seats]], []
    cut = ranked[seats - 1].in_favour
    if ranked[seats].in_favour < cut:
        return [t.person for t in ranked[:seats]], []
    clear = [t.person for t in ranked if t.in_favour > cut]
    return clear, [t.person for t in ranked if t.in_favour == cut]


def outcome(rounds: Iterable[Round], *, reduced: bool = False) -> Outcome:
    """Who is elected by these rounds, in the order they were held. `reduced`: the seats left open were given up with
    the voters' consent, so that no round follows.

    Main and further rounds elect those with more than half of the voters present, most votes first; a tie at
    the cut goes to a run-off among the tied, where the higher count wins without needing half; seats that
    nobody with a majority fills are elected again (条例, rules of counting). Never promotes anybody with half
    or less, never elects anybody twice, and lets only the tied stand in a run-off, whatever the rounds say.
    """
    elected: list[int] = []
    tied: list[int] = []
    open_seats = 0
    for number, ballot in enumerate(rounds):
        if number == 0:
            open_seats = ballot.seats
        standing = [t for t in ballot.tallies if t.person not in elected]
        if ballot.kind == "runoff":
            standing = [t for t in standing if t.person in tied]
        else:
            standing = [t for t in standing if t.in_favour >= majority_needed(ballot.present)]
        ranked = sorted(standing, key=lambda t: (-t.in_favour, t.person))
        chosen, tied = _fill(ranked, open_seats)
        elected += chosen
        open_seats -= len(chosen)
    if reduced:
        open_seats, tied = 0, []
    next_round = None
    if open_seats:
        next_round = "runoff" if tied else "further"
    return Outcome(tuple(elected), tuple(tied), open_seats, next_round)


def reduction_problems(
    *, kind: str, elected: int, seats: int, tied: int, present: int, consenting: int
) -> list[Problem]:
    """Seats may be reduced to those elected, instead of a further election, when their number is close to the seats
    and more than half of the voters present agree (条例). Close: the committee still has the fewest members its
    kind of organisation needs. A tie is voted on, not given up.
    """
    problems = []

    def refuse(code: str, message: str, citation: str = ELECTION_REGULATION) -> None:
        problems.append(Problem(code, message, citation))

    fewest = COMMITTEE_SIZES[kind][0]
    if elected >= seats:
        refuse("reduction_full", f"应选{seats}名已全部选出，不需要减少名额。")
    if tied:
        refuse("reduction_tied", f"有{tied}人得票相等：须就这几人再次投票，不能以减少名额代替。")
    if elected < fewest:
        refuse(
            "reduction_size",
            f"已选出{elected}名，少于委员会最少{fewest}名：不接近应选名额，须对不足的名额另行选举。",
        )
    if consenting > present:
        refuse("reduction_votes", f"同意{consenting}人，多于实到{present}人：请核对表决结果。")
    elif consenting < majority_needed(present):
        refuse(
            "reduction_consent",
            f"实到{present}人，同意减少名额的{consenting}人，未超过半数（至少{majority_needed(present)}人）："
            "须对不足的名额另行选举。",
        )
    return problems


def teller_problems(*, tellers: Mapping[int, str], candidates: Iterable[int]) -> list[Problem]:
    """Tellers (person → name) are never candidates of the same ballot (条例第二十二条)."""
    standing = set(candidates)
    problems = [
        Problem(
            "teller",
            f"{name}是候选人，不能担任监票人或计票人：请另选党员。",
            f"{ELECTION_REGULATION}第二十二条",
        )
        for person, name in tellers.items()
        if person in standing
    ]
    if not tellers:
        problems.append(
            Problem(
                "no_teller", "没有监票人：请登记至少1名监票人。", f"{ELECTION_REGULATION}第二十二条"
            )
        )
    return problems


@dataclass(frozen=True)
class Counted:
    """What one teller counted: ballots (张) and person → (name, votes in favour, votes against)."""

    valid: int
    invalid: int
    votes: Mapping[int, tuple[str, int, int]]

    def abstained(self, person: int) -> int:
        """Valid ballots that are neither for nor against; negative when strokes outnumber the ballots."""
        _, favour, against = self.votes[person]
        return self.valid - favour - against


def count_differences(first: Counted, second: Counted) -> list[str]:
    """Where two tellers' counts differ, one sentence each; two independent counts must agree (计票在监票人监督下进行)."""
    found = []
    for label, one, other in (
        ("有效票", first.valid, second.valid),
        ("无效票", first.invalid, second.invalid),
    ):
        if one != other:
            found.append(f"{label}：{one}张与{other}张")
    for person, (name, favour, against) in first.votes.items():
        _, other_favour, other_against = second.votes.get(person, (name, 0, 0))
        if favour != other_favour:
            found.append(f"{name}赞成：{favour}票与{other_favour}票")
        if against != other_against:
            found.append(f"{name}不赞成：{against}票与{other_against}票")
    return found


# --- villagers' representatives -----------------------------------------------------------------


def challenge_problems(
    *, name: str, raised_on: date, published_on: date, grounds: str, today: date
) -> list[Problem]:
    """An objection to somebody on the published list of representatives: raised after it was published, with grounds."""
    problems = []
    if not published_on <= raised_on <= today:
        problems.append(
            Problem(
                "challenge_date",
                f"{name}：异议的提出日期应在名单公布（{published_on:%Y-%m-%d}）以后、今天以前，请核对。",
                MANUAL,
            )
        )
    if not grounds.strip():
        problems.append(Problem("challenge_grounds", f"{name}：请填写异议的理由。", MANUAL))
    return problems


def answer_problems(
    *, name: str, raised_on: date, answered_on: date, answer: str, today: date
) -> list[Problem]:
    """The township's answer to an objection: after it was raised, with a reason whether upheld or not."""
    problems = []
    if not raised_on <= answered_on <= today:
        problems.append(
            Problem(
                "answer_date",
                f"{name}：答复日期应在提出（{raised_on:%Y-%m-%d}）以后、今天以前，请核对。",
                MANUAL,
            )
        )
    if not answer.strip():
        problems.append(Problem("answer_reason", f"{name}：请写明成立或不成立的理由。", MANUAL))
    return problems


def challenge_blockers(names: Iterable[str]) -> list[Problem]:
    """Nobody recommends while an objection to a representative is unanswered; `names` are those objected to."""
    people = "、".join(dict.fromkeys(names))
    if not people:
        return []
    return [
        Problem(
            "open_challenge",
            f"对村民代表{people}的资格异议尚未答复：请查明后答复成立或不成立，再办结群众推荐。",
            MANUAL,
        )
    ]


def date_problems(*, on: date, today: date, not_before: date, after_what: str) -> list[Problem]:
    """A stage's actual date lies between the stage before it and today."""
    if on > today:
        return [
            Problem("future", f"办理日期{on:%Y-%m-%d}在今天之后：请填写实际办理的日期。", MANUAL)
        ]
    if on < not_before:
        return [
            Problem(
                "order",
                f"办理日期{on:%Y-%m-%d}早于{after_what}（{not_before:%Y-%m-%d}）：程序不得倒置，请核对日期。",
                MANUAL,
            )
        ]
    return []
