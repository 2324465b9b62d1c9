"""What the telephone system and the bookkeeping know: calls, and invoices with the day they were paid."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from churnwatch.demo import office
from churnwatch.demo.account import Account
from churnwatch.demo.dice import Dice
from churnwatch.demo.story import Mood


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One line of the switchboard's log, Moscow wall-clock time."""

    at: datetime
    phone: str
    inbound: bool
    seconds: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice; `paid_on` only if that day is in the past."""

    invoice_id: str
    client_id: str
    issued_on: date
    due_on: date
    cents: int
    paid_on: date | None


def calls(account: Account, seed: int) -> list[PhoneCall]:
    """All telephone calls with one client, by time."""
    dice = Dice(seed, 6, account.number)
    result = []
    for monday, mood in account.moods.items():
        rate = account.calls_per_week * office.season(monday, account.western)
        inbound = 0.4 * mood.initiative * mood.volume**0.5 + 0.12 * mood.heat
        for _ in range(dice.poisson(rate * (0.6 + inbound))):
            day = monday + timedelta(days=dice.whole(0, 4))
            at = datetime.combine(day, time(9 + account.people[0].shift_h)) + timedelta(seconds=dice.whole(60, 31000))
            ended = account.story.notice_on or account.silent_from
            if office.works(day, account.western) and account.started_on <= day < ended and at < office.END:
                result.append(_call(account, at, inbound / (0.6 + inbound), mood, dice))
    return sorted(result, key=lambda call: (call.at, call.phone))


def _call(account: Account, at: datetime, inbound_share: float, mood: Mood, dice: Dice) -> PhoneCall:
    person = account.people[0] if dice.chance(0.6) else dice.pick(account.people)
    inbound = dice.chance(inbound_share)
    missed = dice.chance(0.06 * mood.our_slow if inbound else 0.12 + 0.9 * mood.avoid)
    seconds = 0 if missed else max(6, round(210 * dice.spread(0.8) * (1 - 0.6 * mood.brevity)))
    return PhoneCall(at, dice.pick(person.phones), inbound, seconds, not missed)


def bills(account: Account, seed: int) -> list[Bill]:
    """All invoices to one client, one for each past month of work, by day."""
    dice = Dice(seed, 7, account.number)
    result = []
    cents = round(account.value * 100)
    year, month = office.FIRST_DAY.year, office.FIRST_DAY.month
    while (year, month) <= (office.AS_OF.year, office.AS_OF.month):
        issued = office.next_workday(date(year, month, 1 + dice.whole(0, 3)))
        due = issued + timedelta(days=account.due_days)
        mood = account.mood(issued)
        if dice.chance(0.03):  # the scope changes now and then, up or down
            cents = round(cents * dice.pick((0.8, 0.9, 1.1, 1.2)))
        amount = round(cents * (dice.between(0.9, 1.25) if dice.chance(0.25) else 1.0))
        late = (
            account.pays_late_days
            + 4.0 * dice.normal()
            + 5.0 * mood.heat * dice.share()
            + 9.0 * mood.brevity * dice.share()
        )
        paid = max(issued + timedelta(days=1), due + timedelta(days=round(late)))
        never = account.story.leaves_on is not None and due > account.story.leaves_on and dice.chance(0.3)
        start = account.started_on + timedelta(days=20)
        if start <= issued < min(office.AS_OF, account.silent_from):
            number = f"NW-{year % 100:02d}{month:02d}-{account.number + 1:03d}"
            past = paid if office.next_workday(paid) < office.AS_OF and not never else None
            result.append(Bill(number, account.client_id, issued, due, amount, past and office.next_workday(past)))
        year, month = year + month // 12, month % 12 + 1
    return result
