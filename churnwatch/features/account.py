"""Account: invoices. A payment is known only after its day has passed."""

import numpy as np

from churnwatch.core.table import NO_TIME, US_PER_DAY, BoolArray, FloatArray, IntArray
from churnwatch.core.types import Kind
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.measure import Measure
from churnwatch.features.signal import Family, Signal

_LATE_SCALE_DAYS = 7.0
_RECENT_INVOICE_DAYS = 75.0
_PAST_INVOICE_DAYS = 400.0


class Invoices:
    """The invoices of the last 400 days as each snapshot knows them: one row per (snapshot, invoice).

    `days_late` counts paid ones to their payment and unpaid due ones so far, NaN before they are due. `unpaid` is as known.
    """

    def __init__(self, facts: Facts) -> None:
        view = facts.ask(facts.by_lane(facts.is_kind(Kind.INVOICE)))
        self.snapshot, place = view.written_out(view.window(_PAST_INVOICE_DAYS))
        row = view.stream.row[place]
        as_of = facts.as_of[self.snapshot]
        self.age_days = (as_of - view.stream.booked[place]) / US_PER_DAY
        self.amount = facts.column("amount")[row]
        due = facts.column("due_on")[row]
        self.unpaid, self.days_late = _lateness(due, facts.column("paid_on")[row], as_of)


def _lateness(due: IntArray, paid: IntArray, as_of: IntArray) -> tuple[BoolArray, FloatArray]:
    """A payment is known once its day (in UTC, so that east of it it may show a day late, and nowhere early) is over."""
    unpaid = (paid == NO_TIME) | (paid > as_of - US_PER_DAY)
    late = (np.where(unpaid, as_of, paid) - due) / US_PER_DAY
    return unpaid, np.where((due != NO_TIME) & (~unpaid | (due < as_of)), late, np.nan)


def invoices(facts: Facts) -> Invoices:
    """The invoices, worked out once for a panel."""
    return facts.once("invoices", lambda: Invoices(facts))


def invoice_late_z(facts: Facts) -> Measure:
    """(median days late of the last 75 d's invoices - own median before) / 7 days, clipped to +-6; NaN under 4 before or 1 recent.

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
        np.where(enough, np.clip((now - before) / _LATE_SCALE_DAYS, -6, 6), np.nan),
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
    as_of = facts.as_of_lane[facts.lane]
    _, late = _lateness(facts.column("due_on"), facts.column("paid_on"), as_of)
    recent = facts.is_kind(Kind.INVOICE) & (facts.panel.age_days <= _RECENT_INVOICE_DAYS)
    return np.where(recent, np.maximum(np.nan_to_num(late), 0.0), 0.0)


SIGNALS = (
    Signal("invoice_late_z", Family.ACCOUNT, "z", "higher", "75 d against 325 d", "4 invoices before, 1 recent",
           "how much later than usual invoices are paid", "насколько позже обычного оплачиваются счета",
           "practice", invoice_late_z, shown_in="days", evidence=_late_invoices),
    Signal("overdue", Family.ACCOUNT, "log", "higher", "all", "1 invoice", "days that the oldest unpaid invoice is overdue",
           "на сколько дней просрочен старейший неоплаченный счёт", "practice", overdue, shown_in="days", evidence=_late_invoices),
    Signal("spend_trend", Family.ACCOUNT, "log", "lower", "90 d against 180 d", "1 invoice before",
           "invoiced amount against the half-year before", "сумма счетов против прошлого полугодия", "practice", spend_trend,
           shown_in="amount"),
)  # fmt: skip
