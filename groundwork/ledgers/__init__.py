"""The ledgers around the procedure. `declarations`: what a ledger is; `table`: all of them."""

from .declarations import Ledger, State, in_words
from .table import LEDGERS

__all__ = ["LEDGERS", "Ledger", "State", "in_words"]
