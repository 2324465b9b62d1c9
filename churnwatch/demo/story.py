"""How relations fare: the share of each story, when its trouble begins and ends, and each client's mood week by week."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from churnwatch.demo.dice import Dice
from churnwatch.demo.office import AS_OF, FIRST_DAY, mondays, works

# Story -> its share of all clients. The first block has left by the as-of date, the second is on its way out, the third stays.
SHARES: Mapping[str, float] = {
    "silent": 0.125,
    "loud": 0.095,
    "service_failure": 0.08,
    "sudden": 0.05,
    "project_ended": 0.06,
    "bankruptcy": 0.008,
    "silent_now": 0.04,
    "loud_now": 0.025,
    "service_failure_now": 0.025,
    "sudden_now": 0.012,
    "service_recovered": 0.06,
    "bad_weeks": 0.11,
    "angry_week": 0.08,
    "quiet_phase": 0.08,
    "steady": 0.15,
}
LEAVING = ("silent", "loud", "service_failure", "sudden")
_MIN_TENURE_DAYS = 120


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to a client. `leaves_on` may lie after the as-of date; nothing in the files says so."""

    kind: str
    strength: float  # 0..1, how much of it shows
    begins: date  # of the trouble
    leaves_on: date | None = None
    notice_on: date | None = None  # when the client says so, if ever
    known_on: date | None = None  # when the CRM says so
    departure: str | None = None

    @property
    def base(self) -> str:
        """The kind without the mark of those who are on their way out now."""
        return self.kind.removesuffix("_now")


@dataclass(frozen=True, slots=True)
class Mood:
    """The state of a relation in one week; 1 or 0 is ordinary."""

    volume: float = 1.0  # factor on new conversations
    slow: float = 1.0  # factor on the client's latency
    brevity: float = 0.0  # 0..1, share of clipped answers
    heat: float = 0.0  # 0..4, level of irritation
    avoid: float = 0.0  # chance to decline or move a meeting, to miss a call
    initiative: float = 1.0  # factor on the client's share of openings
    our_slow: float = 1.0  # factor on our latency
    broken: float = 0.0  # chance that we miss a promised date


def kinds(count: int, dice: Dice) -> list[str]:
    """A story for each of `count` clients, in the given shares (largest remainders), in random order."""
    exact = {kind: share * count / sum(SHARES.values()) for kind, share in SHARES.items()}
    dealt = {kind: int(value) for kind, value in exact.items()}
    by_remainder = sorted(SHARES, key=lambda kind: dealt[kind] - exact[kind])
    for kind in by_remainder[: count - sum(dealt.values())]:
        dealt[kind] += 1
    return dice.shuffled([kind for kind, times in dealt.items() for _ in range(times)])


def tell(kind: str, started_on: date, dice: Dice) -> Story:
    """The story of one client: its dates and its strength."""
    # Some hide it well and some hardly at all: no classifier should find all of them.
    strength = min(1.0, max(0.15, 0.75 + 0.25 * dice.normal()))
    base = kind.removesuffix("_now")
    earliest = max(FIRST_DAY + timedelta(days=125), started_on + timedelta(days=_MIN_TENURE_DAYS))
    if base in (*LEAVING, "project_ended", "bankruptcy"):
        leaves_on = (
            AS_OF + timedelta(days=dice.whole(4, 70))
            if kind.endswith("_now")
            else earliest + timedelta(days=int(dice.share() * (AS_OF - earliest).days))
        )
        return _ending(kind, base, strength, leaves_on, dice)
    begins = earliest + timedelta(days=int(dice.share() * max(1, (AS_OF - earliest).days - 40)))
    if dice.chance(0.35):  # a part of the false alarms should be fresh on the as-of date
        begins = AS_OF - timedelta(days=dice.whole(14, 60))
    return Story(kind, strength, begins)


def _ending(kind: str, base: str, strength: float, leaves_on: date, dice: Dice) -> Story:
    weeks = {"silent": (9, 20), "loud": (8, 19), "service_failure": (10, 20), "sudden": (0, 1)}.get(base, (3, 7))
    begins = leaves_on - timedelta(days=dice.whole(7 * weeks[0], 7 * weeks[1]))
    if kind.endswith("_now") and base != "sudden":  # something of it should be seen on the as-of date
        begins = min(begins, AS_OF - timedelta(days=dice.whole(14, 35)))
    speaks = dice.chance({"silent": 0.45, "project_ended": 0.5, "bankruptcy": 0.0}.get(base, 1.0))
    notice_on = leaves_on - timedelta(days=dice.whole(0, 9)) if speaks else None
    while notice_on is not None and not works(notice_on):
        notice_on -= timedelta(days=1)
    known_on = (
        notice_on + timedelta(days=dice.whole(0, 2)) if notice_on else leaves_on + timedelta(days=dice.whole(25, 60))
    )
    departure = {"project_ended": "project_ended", "bankruptcy": "involuntary"}.get(
        base, "left" if speaks else "silent"
    )
    if base == "bankruptcy":
        known_on = leaves_on + timedelta(days=dice.whole(0, 4))
    return Story(kind, strength, begins, leaves_on, notice_on, known_on, departure)


def moods(story: Story, started_on: date, dice: Dice) -> dict[date, Mood]:
    """The mood of every week, by its Monday."""
    result = {}
    drift = pace = 0.0
    bumps = _bumps(started_on, dice)
    peaks = [story.begins, story.begins + timedelta(days=dice.whole(60, 200))]
    for monday in mondays(max(FIRST_DAY, started_on), AS_OF):
        drift = 0.75 * drift + 0.17 * dice.normal()
        pace = 0.6 * pace + 0.12 * dice.normal()
        mood = _told(story, monday + timedelta(days=3), peaks)
        dip = bumps.get(monday, Mood())
        result[monday] = replace(
            mood,
            volume=mood.volume * dip.volume * math.exp(drift),
            slow=mood.slow * dip.slow * math.exp(pace),
            brevity=min(0.95, 0.08 + mood.brevity + dip.brevity),
            heat=max(mood.heat, dip.heat),
            avoid=min(0.9, 0.10 + mood.avoid + dip.avoid),
            our_slow=mood.our_slow * dip.our_slow * dice.spread(0.2),
        )
    return result


def _bumps(started_on: date, dice: Dice) -> dict[date, Mood]:
    """Bad weeks that come to everyone and mean nothing."""
    weeks = mondays(max(FIRST_DAY, started_on), AS_OF)
    result: dict[date, Mood] = {}
    for monday in weeks:
        if not dice.chance(0.017):
            continue
        kind = dice.weighted(("stress", "anger", "us", "long"), (0.42, 0.25, 0.2, 0.13))
        length = dice.whole(7, 11) if kind == "long" else dice.whole(1, 3)
        mood = {
            "stress": Mood(volume=0.5, slow=1.7, brevity=0.3, avoid=0.2),
            "anger": Mood(heat=dice.between(1.0, 2.8)),
            "us": Mood(our_slow=2.2, heat=0.6),
            "long": Mood(volume=0.45, slow=1.3, brevity=0.12),
        }[kind]
        for week in range(length):
            result[monday + timedelta(weeks=week)] = mood
    return result


def _told(story: Story, day: date, peaks: list[date]) -> Mood:
    strength = story.strength
    since = min(((day - peak).days for peak in peaks if day >= peak), default=-1)
    if story.leaves_on is None or day < story.begins:
        return _staying(story.kind, since, strength) if story.leaves_on is None and since >= 0 else Mood()
    progress = min(1.0, (day - story.begins).days / max(1, (story.leaves_on - story.begins).days))
    match story.base:
        case "silent":
            depth = strength * progress**0.5
            return Mood(
                volume=math.exp(-3.0 * depth),
                slow=math.exp(2.2 * depth),
                brevity=0.85 * depth,
                heat=0.5 * depth,
                avoid=0.75 * depth,
                initiative=1 - 0.7 * depth,
            )
        case "loud":
            depth = strength * progress**0.6
            return Mood(volume=1 + 0.15 * depth, heat=0.6 + 3.4 * depth, brevity=0.25 * depth, avoid=0.4 * depth)
        case "service_failure":
            return Mood(
                our_slow=1 + 5.0 * strength * min(1.0, 4 * progress),
                broken=0.15 + 0.5 * strength,
                heat=max(0.0, 4.4 * (progress - 0.2) * strength),
                volume=1 - 0.4 * max(0.0, progress - 0.7) * strength,
                brevity=0.4 * max(0.0, progress - 0.5),
                avoid=0.4 * progress * strength,
            )
        case "project_ended":
            return Mood(volume=1 - 0.6 * progress, initiative=1 - 0.3 * progress)
    return Mood()


def _staying(kind: str, since: int, strength: float) -> Mood:
    match kind:
        case "bad_weeks" if since < 21:
            return Mood(volume=0.35, slow=2.0, brevity=0.35, avoid=0.3)
        case "angry_week" if since < 12:
            return Mood(heat=1.6 + 1.8 * strength, volume=1.2)
        case "quiet_phase" if since < 75:
            return Mood(volume=0.3, slow=1.3, brevity=0.15, avoid=0.15, initiative=0.8)
        case "service_recovered" if since < 35:
            return Mood(
                our_slow=1 + 3.0 * strength, broken=0.15 + 0.5 * strength, heat=min(3.0, 3.2 * strength * since / 30)
            )
    return Mood()
