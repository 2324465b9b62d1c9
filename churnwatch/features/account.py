"""Account: invoices. A payment is known only after its day has passed."""

import numpy as np

from churnwatch.core.table import NO_TIME, US_PER_DAY, FloatArray
from churnwatch.core.types import Kind
from churnwatch.features import segments
from churnwatch.features.facts import Facts
from churnwatch.features.signal import Family, Measure, Signal

_LATE_SCALE_DAYS = 7.0
_RECENT_INVOICE_DAYS = 75.0
_PAST_INVOICE_DAYS = 400.0


def _days_late(facts: Facts) -> FloatArray:
    """Days past due of each invoice row: paid ones by their payment, unpaid due ones so far; NaN for other rows."""
    due, paid = facts.ints("due_on"), facts.ints("paid_on")
    as_of = facts.as_of[facts.snap]
    settled_at = np.where(paid == NO_TIME, as_of, paid)
    late = (settled_at - due) / US_PER_DAY
    counts = facts.is_kind(Kind.INVOICE) & (due != NO_TIME) & ((paid != NO_TIME) | (due < as_of))
    return np.where(counts, late, np.nan)


def invoice_late_z(facts: Facts) -> Measure:
    """(median days late of the last 75 d's invoices - own median before) / 7 days, clipped to +-6; NaN under 4 before or 1 recent.

    `now` and `before` in days past due, paid early = 0.
    """
    late = _days_late(facts)
    known = ~np.isnan(late)
    recent = known & (facts.age_days <= _RECENT_INVOICE_DAYS)
    past = known & ~recent & (facts.age_days <= _PAST_INVOICE_DAYS)
    now = segments.quantile(late[recent], facts.snap[recent], facts.size, 0.5)
    before = segments.quantile(late[past], facts.snap[past], facts.size, 0.5)
    enough = segments.count(facts.snap, facts.size, past) >= 4
    return Measure(
        np.where(enough, np.clip((now - before) / _LATE_SCALE_DAYS, -6, 6), np.nan),
        np.maximum(now, 0.0),
        np.maximum(before, 0.0),
    )


def overdue(facts: Facts) -> Measure:
    """log(1 + days overdue of the oldest unpaid invoice); NaN without invoices."""
    invoices = facts.is_kind(Kind.INVOICE)
    unpaid = invoices & (facts.ints("paid_on") == NO_TIME)
    oldest = segments.largest(_late_or_zero(facts)[unpaid], facts.snap[unpaid], facts.size)
    days = np.maximum(np.nan_to_num(oldest), 0.0)
    return Measure(np.where(segments.count(facts.snap, facts.size, invoices) > 0, np.log1p(days), np.nan), now=days)


def spend_trend(facts: Facts) -> Measure:
    """Log ratio of the invoiced amount per 30 days in the last 90 days to the 180 days before; NaN without the latter."""
    amount = np.where(facts.is_kind(Kind.INVOICE), facts.floats("amount"), np.nan)
    sums = []
    for longest, shortest in ((90.0, 0.0), (270.0, 90.0)):
        chosen = (facts.age_days <= longest) & (facts.age_days > shortest)
        sums.append(
            segments.total(np.where(chosen, amount, np.nan), facts.snap, facts.size) * 30 / (longest - shortest)
        )
    recent = np.maximum(sums[0], 0.0)  # credit notes may outweigh what was invoiced
    floor = 0.05 * sums[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(sums[1] > 0, np.log((recent + floor) / (sums[1] + floor)), np.nan)
    return Measure(value, now=sums[0], before=sums[1])


def _late_or_zero(facts: Facts) -> FloatArray:
    return np.nan_to_num(_days_late(facts))


def _late_invoices(facts: Facts) -> FloatArray:
    return np.where(facts.age_days <= _RECENT_INVOICE_DAYS, np.maximum(_late_or_zero(facts), 0.0), 0.0)


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
