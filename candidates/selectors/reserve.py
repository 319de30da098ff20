"""The reserve pool as lines of a list."""

from dataclasses import dataclass

from ..enums import ReserveState
from ..models import ReserveCadre

_TONE = {ReserveState.LISTED: "open", ReserveState.USED: "done", ReserveState.LEFT: "bad"}


@dataclass(frozen=True)
class ReserveLine:
    cadre: ReserveCadre
    state: str
    tone: str


def reserve_line(cadre: ReserveCadre) -> ReserveLine:
    """A cadre as a line shows it; needs with_use()."""
    state = ReserveState(cadre.state_now)
    return ReserveLine(cadre, state.label, _TONE[state])
