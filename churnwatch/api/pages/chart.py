"""A client's risk over time as the lines of a small drawing; without percentages the heat band is drawn instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnwatch.core.types import Band, Risk

WIDTH, HEIGHT = 640, 140
_EDGE = 6  # room for the last point's dot
_CEILINGS = (0.1, 0.2, 0.5, 1.0)
_MOST_GAP_DAYS = 45  # a longer pause between scores is a hole in the line


@dataclass(frozen=True, slots=True)
class Chart:
    """Path data for an SVG of WIDTH x HEIGHT. `levels` are the rules across it: height and what stands beside it."""

    line: str
    range: str
    levels: tuple[tuple[float, float | Band], ...]
    last: tuple[float, float]
    first: Risk
    latest: Risk


def draw(history: Sequence[Risk]) -> Chart | None:
    """The drawing, or None where there are not two points to join."""
    told = [risk for risk in history if risk.probability is not None]
    if len(told) >= 2:
        peak = max(risk.high if risk.high is not None else risk.probability or 0 for risk in told)
        ceiling = next((one for one in _CEILINGS if peak <= one), 1.0)
        levels: tuple[tuple[float, float | Band], ...] = tuple(
            (_height(ceiling * part, ceiling), ceiling * part) for part in (0.0, 0.5, 1.0)
        )
        heights = [_height(risk.probability or 0, ceiling) for risk in told]
        lows = [_height(_or(risk.low, risk.probability), ceiling) for risk in told]
        highs = [_height(_or(risk.high, risk.probability), ceiling) for risk in told]
        return _chart(told, heights, levels, (lows, highs))
    banded = [risk for risk in history if risk.band is not None]
    if len(banded) < 2:
        return None
    top = float(Band.BOILING.rank)
    bands = tuple((_height(band.rank, top), band) for band in Band)
    return _chart(banded, [_height(risk.band.rank, top) for risk in banded if risk.band], bands, None)


def _chart(
    risks: Sequence[Risk],
    heights: Sequence[float],
    levels: tuple[tuple[float, float | Band], ...],
    bounds: tuple[list[float], list[float]] | None,
) -> Chart:
    first, last = risks[0].as_of, risks[-1].as_of
    span = max((last - first).days, 1)
    places = [(WIDTH - _EDGE) * (risk.as_of - first).days / span for risk in risks]
    runs: list[list[int]] = [[0]]
    for number in range(1, len(risks)):
        if (risks[number].as_of - risks[number - 1].as_of).days > _MOST_GAP_DAYS:
            runs.append([])
        runs[-1].append(number)
    line = " ".join(_path([(places[n], heights[n]) for n in run]) for run in runs)
    area = ""
    if bounds is not None:
        lows, highs = bounds
        area = " ".join(
            _path([(places[n], highs[n]) for n in run] + [(places[n], lows[n]) for n in reversed(run)]) + " Z"
            for run in runs
        )
    return Chart(line, area, levels, (round(places[-1], 1), round(heights[-1], 1)), risks[0], risks[-1])


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _height(value: float, ceiling: float) -> float:
    return round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * min(max(value / ceiling, 0.0), 1.0), 1)


def _or(value: float | None, other: float | None) -> float:
    return value if value is not None else other or 0.0
