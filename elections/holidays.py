"""Public holidays and the weekend days worked in their stead (调休), as the State Council publishes them each autumn.

The dates come with the package chinesecalendar: raise its version every December. In years it does not know yet
only weekends are off, and a refusal says so.
"""

from datetime import date

from chinese_calendar.constants import holidays, workdays

from .rules import Calendar

CALENDAR = Calendar(
    holidays=frozenset(holidays),
    workdays=frozenset(workdays),
    through=date(max(holidays).year, 12, 31),
)
