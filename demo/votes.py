"""Invented counts that obey the arithmetic of meetings and ballots. Pure: a random generator in, numbers out."""

from random import Random

from elections import rules


def attendance(random: Random, due: int, *, share: float = 0.8) -> int:
    """People present: never below `share` of those due, usually well above."""
    least = max(1, -(-int(due * share * 100) // 100))
    least = max(least, rules.quorum_needed(due) if share >= 0.8 else -(-due * 2 // 3))
    return random.randint(least, max(least, due - random.randint(0, max(1, due // 12))))


def recommendation(
    random: Random, favourites: list[int], others: list[int], *, present: int, most_names: int
) -> dict[int, int]:
    """Votes per person: favourites get most of them, a few others some. At most `present` × `most_names` in all."""
    votes: dict[int, int] = {}
    left = present * most_names
    for place, person in enumerate(favourites):
        share = max(0.2, 0.92 - 0.11 * place + random.uniform(-0.05, 0.05))
        votes[person] = min(present, left, max(1, round(present * share)))
        left -= votes[person]
    for person in random.sample(others, min(3, len(others))):
        count = min(left, random.randint(1, max(1, present // 10)))
        if count:
            votes[person] = count
            left -= count
    return votes


def ballot(
    random: Random, candidates: list[int], *, seats: int, present: int
) -> tuple[dict[str, int], dict[int, tuple[int, int, int]]]:
    """One round: (issued, returned, valid, invalid) and per candidate (in favour, against, abstained).

    The first `seats` candidates get a clear majority of those present, the others too few; never a tie at the cut.
    """
    issued = present
    returned = issued - (random.random() < 0.1 and present > 12)
    invalid = int(random.random() < 0.35 and returned > 10)
    valid = returned - invalid
    most = valid * seats
    tallies: dict[int, tuple[int, int, int]] = {}
    majority = rules.majority_needed(present)
    for place, person in enumerate(candidates):
        if place < seats:
            in_favour = max(majority, min(valid, round(valid * random.uniform(0.86, 0.97)) - place))
        else:
            in_favour = max(0, min(majority - 1, most, round(valid * random.uniform(0.08, 0.3))))
        in_favour = min(in_favour, most)
        most -= in_favour
        against = random.randint(0, (valid - in_favour) // 2)
        tallies[person] = (in_favour, against, valid - in_favour - against)
    counts = {"issued": issued, "returned": int(returned), "valid": valid, "invalid": invalid}
    return counts, tallies
