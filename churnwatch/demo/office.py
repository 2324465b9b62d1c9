"""When people work: Moscow wall-clock time as naive datetimes, office hours, Russian and western holidays, the season's pulse."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AS_OF = date(2026, 9, 28)  # a Monday; the files hold only what happened before it
FIRST_DAY = date(2024, 9, 30)  # the mailboxes start here
END = datetime.combine(AS_OF, time(0))
MOSCOW = ZoneInfo("Europe/Moscow")

_OPENS_H, _CLOSES_H = 9, 18
# Written out rather than taken from a library, whose next edition could move a day and with it every byte of the demo.
_RUSSIAN = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_WESTERN = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}


def works(day: date, western: bool = False) -> bool:
    """Whether an office is open on this day."""
    return day.weekday() < 5 and (day.month, day.day) not in (_WESTERN if western else _RUSSIAN)


def next_workday(day: date, western: bool = False) -> date:
    """The day itself where it is a working day, else the next one."""
    while not works(day, western):
        day += timedelta(days=1)
    return day


def after(at: datetime, hours: float, shift_h: int = 0, western: bool = False) -> datetime:
    """The instant `hours` office hours after `at`; `shift_h` is how much later than Moscow's that office opens."""
    left = timedelta(hours=hours)
    day = at.date()
    while True:
        if works(day, western):
            opens = datetime.combine(day, time(_OPENS_H + shift_h))
            closes = datetime.combine(day, time(_CLOSES_H + shift_h))
            start = min(max(at, opens), closes)
            if left < closes - start:
                return start + left
            left -= closes - start
        day += timedelta(days=1)


def season(day: date, western: bool) -> float:
    """How much business there is around this day, against an ordinary week."""
    month_day = (day.month, day.day)
    if western:
        if month_day >= (12, 20) or month_day <= (1, 3):
            return 0.12
        return 0.72 if day.month == 8 else 1.15 if day.month in (10, 11) else 1.0
    if month_day >= (12, 29) or month_day <= (1, 9):
        return 0.08
    if (4, 30) <= month_day <= (5, 11):
        return 0.45
    return 0.75 if day.month in (7, 8) else 1.2 if month_day >= (12, 1) else 1.0


def mondays(start: date, end: date) -> list[date]:
    """The Mondays of all weeks that touch [start, end)."""
    first = start - timedelta(days=start.weekday())
    return [first + timedelta(weeks=n) for n in range(max(0, (end - first).days + 6) // 7)]
