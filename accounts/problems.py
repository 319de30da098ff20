"""The one shape in which a rule says no. Standard library only, so that rules.py modules may use it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`message`: a Chinese sentence naming the rule and the remedy; `citation`: where the rule stands."""

    code: str
    message: str
    citation: str = ""
