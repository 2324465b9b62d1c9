"""Account: invoices. A payment is known only after its day has passed, and after it was told."""

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.table import NO_TIME, US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Kind
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal

_DAYS_A_WEEK = 7.0
_MOST_WEEKS = 6.0
_RECENT_INVOICE_DAYS = 75.0
_PAST_INVOICE_DAYS = 400.0


class Invoices:
    """The invoices of the last 400 days as each snapshot knows them: one row per (snapshot, invoice).

    `days_late` counts from the day due to the day paid, or to the as-of's where an unpaid one's day is over; NaN before.
    `unpaid` is as known.
    """

    def __init__(self, facts: Facts) -> None:
        view = facts.ask(facts.by_lane(facts.is_kind(Kind.INVOICE)))
        self.snapshot, place = view.written_out(view.window(_PAST_INVOICE_DAYS))
        row = view.stream.row[place]
        self.age_days = (facts.as_of[self.snapshot] - view.stream.booked[place]) / US_PER_DAY
        self.amount = facts.column("amount")[row]
        self.unpaid, self.days_late = _lateness(facts, row, facts.as_of[self.snapshot], facts.day[self.snapshot])


def _lateness(
    facts: Facts, row: NDArray[np.intp] | slice, as_of: IntArray, today: IntArray
) -> tuple[BoolArray, FloatArray]:
    """Whether invoices are unpaid as known at each as-of, with which the firm's day `today` begins, and their days late.

    What is due or paid on a date comes as that date's midnight in UTC, and means the firm's date.
    """
    due_on, paid_on, told_at = (facts.column(name)[row] for name in ("due_on", "paid_on", "paid_known_at"))
    due, paid = due_on // US_PER_DAY, paid_on // US_PER_DAY
    unpaid = (paid_on == NO_TIME) | (paid >= today) | (told_at >= as_of)
    late = (np.where(unpaid, today, paid) - due).astype(np.float64)
    return unpaid, np.where((due_on != NO_TIME) & (~unpaid | (due < today)), late, np.nan)


def invoices(facts: Facts) -> Invoices:
    """The invoices, worked out once for a panel."""
    return facts.once("invoices", lambda: Invoices(facts))


def invoice_late_z(facts: Facts) -> Measure:
    """Median weeks late of the last 75 d's invoices - own median before, clipped to +-6; NaN under 4 before or 1 recent.

    `now` and `before` in days past due, paid early = 0.
    """
    found = invoices(facts)
    known = ~np.isnan(found.days_late)
    recent = known & (found.age_days <= _RECENT_INVOICE_DAYS)
    past = known & ~recent
    now, before = (
        segments.quantile(found.days_late[chosen], found.snapshot[chosen], facts.size, 0.5) for chosen in (recent, past)
    )
    enough = segments.count(found.snapshot, facts.size, past) >= 4
    return Measure(
        np.where(enough, np.clip((now - before) / _DAYS_A_WEEK, -_MOST_WEEKS, _MOST_WEEKS), np.nan),
        np.maximum(now, 0.0),
        np.maximum(before, 0.0),
    )


def overdue(facts: Facts) -> Measure:
    """log(1 + days overdue of the oldest unpaid invoice of 400 days); NaN without invoices."""
    found = invoices(facts)
    late = np.nan_to_num(found.days_late)
    days = np.maximum(
        np.nan_to_num(segments.largest(late[found.unpaid], found.snapshot[found.unpaid], facts.size)), 0.0
    )
    return Measure(np.where(segments.count(found.snapshot, facts.size) > 0, np.log1p(days), np.nan), now=days)


def spend_trend(facts: Facts) -> Measure:
    """Log ratio of the invoiced amount per 30 days in the last 90 days to the 180 days before; NaN without the latter."""
    found = invoices(facts)
    sums = []
    for longest, shortest in ((90.0, 0.0), (270.0, 90.0)):
        chosen = (found.age_days <= longest) & (found.age_days > shortest)
        total = segments.total(found.amount[chosen], found.snapshot[chosen], facts.size)
        sums.append(total * 30 / (longest - shortest))
    recent = np.maximum(sums[0], 0.0)  # credit notes may outweigh what was invoiced
    floor = 0.05 * sums[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(sums[1] > 0, np.log((recent + floor) / (sums[1] + floor)), np.nan)
    return Measure(value, now=sums[0], before=sums[1])


def _late_invoices(facts: Facts) -> FloatArray:
    today = facts.calendar.local_day(facts.as_of_lane).astype(np.int64)
    _, late = _lateness(facts, slice(None), facts.as_of_lane[facts.lane], today[facts.lane])
    recent = facts.is_kind(Kind.INVOICE) & (facts.panel.age_days <= _RECENT_INVOICE_DAYS)
    return np.where(recent, np.maximum(np.nan_to_num(late), 0.0), 0.0)


SIGNALS = (
    Signal("invoice_late_z", Family.ACCOUNT, "weeks", "higher", "75 d against 325 d", "4 invoices before, 1 recent",
           "by how many weeks later than usual invoices are paid", "на сколько недель позже обычного оплачиваются счета",
           "practice", invoice_late_z, shown_in="days", evidence=_late_invoices),
    Signal("overdue", Family.ACCOUNT, "log", "higher", "400 d", "1 invoice", "days that the oldest unpaid invoice is overdue",
           "на сколько дней просрочен старейший неоплаченный счёт", "practice", overdue, shown_in="days", evidence=_late_invoices),
    Signal("spend_trend", Family.ACCOUNT, "log", "lower", "90 d against 180 d", "1 invoice before",
           "invoiced amount against the half-year before", "сумма счетов против прошлого полугодия", "practice", spend_trend,
           shown_in="amount"),
)  # fmt: skip
