"""The comparable panel in DuckDB: facts as temporary tables, then one range join of dates and rows for each group of columns."""

# ruff: noqa: S608 - all that is written into the queries are constants of this package

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.engine.subset import (
    BASELINE_DAYS,
    COLUMN,
    COUNT_DAYS,
    MEETING_BASELINE_DAYS,
    MEETING_WINDOW_DAYS,
    OUT_DAYS,
    SHORT_ACK,
    WINDOW_DAYS,
    Floats,
    Instants,
    add_volume_drop,
    empty_panel,
)

_FACTS = f"""
CREATE TEMP TABLE client AS
SELECT client_id, CAST(row_number() OVER (ORDER BY client_id) - 1 AS INTEGER) AS client
FROM (SELECT DISTINCT client_id FROM event);

CREATE TEMP TABLE letter AS
SELECT client, CAST(event."at" AS TIMESTAMP) AS seen, ln(1 + words) AS value, cues & {SHORT_ACK} <> 0 AS short
FROM event JOIN client USING (client_id) WHERE kind = 'message' AND direction = 'in';

CREATE TEMP TABLE ours AS
SELECT client, CAST(event."at" AS TIMESTAMP) AS seen
FROM event JOIN client USING (client_id) WHERE kind = 'message' AND direction = 'out';

CREATE TEMP TABLE wait AS
WITH turn AS (
    SELECT client_id, thread_id, direction, epoch_us("at") AS started
    FROM event WHERE kind = 'message'
    QUALIFY direction IS DISTINCT FROM lag(direction) OVER (PARTITION BY thread_id ORDER BY "at")
), answer AS (
    SELECT client_id, direction, started, lag(started) OVER (PARTITION BY thread_id ORDER BY started) AS asked FROM turn
)
SELECT client, direction, make_timestamp(started) AS seen, log2(1 + (started - asked) / 3.6e9) AS value
FROM answer JOIN client USING (client_id) WHERE asked IS NOT NULL;

CREATE TEMP TABLE fate AS
WITH revision AS (
    SELECT client, direction, CAST(event."at" AS TIMESTAMP) AS seen, CAST(starts_at AS TIMESTAMP) AS starts,
        status IN ('declined', 'cancelled') AS avoided,
        lead(CAST(event."at" AS TIMESTAMP)) OVER (PARTITION BY thread_id ORDER BY event."at") AS until
    FROM event JOIN client USING (client_id) WHERE kind = 'meeting'
)
SELECT client, seen, until, avoided, CASE WHEN avoided THEN seen ELSE starts END AS fate
FROM revision WHERE NOT avoided OR direction = 'in';
"""

_SHORT = f"""
SELECT number, client,
    count(*) FILTER (seen >= day - INTERVAL {WINDOW_DAYS} DAY) AS short_w,
    count(*) FILTER (seen < day - INTERVAL {WINDOW_DAYS} DAY) AS short_b
FROM letter JOIN date ON seen < day AND seen >= day - INTERVAL {BASELINE_DAYS} DAY
WHERE short GROUP BY ALL
"""

_RECENCY = f"""
SELECT number, grid.client, (epoch_us(day) - epoch_us(seen)) / {86_400e6} AS recency
FROM (SELECT * FROM date CROSS JOIN client) AS grid ASOF JOIN letter ON grid.client = letter.client AND grid.day > letter.seen
"""

_TENURE = f"""
SELECT number, client, (epoch_us(day) - epoch_us(first)) / {86_400e6} AS tenure
FROM (SELECT client, min(seen) AS first FROM letter GROUP BY client) JOIN date ON first < day
"""

_MEETINGS = f"""
SELECT number, client,
    count(*) FILTER (recent) AS meetings_w, count(*) FILTER (recent AND avoided) AS avoided_w,
    count(*) FILTER (NOT recent) AS meetings_b, count(*) FILTER (NOT recent AND avoided) AS avoided_b
FROM (
    SELECT number, client, avoided, fate >= day - INTERVAL {MEETING_WINDOW_DAYS} DAY AS recent
    FROM fate JOIN date ON fate < day AND fate >= day - INTERVAL {MEETING_BASELINE_DAYS} DAY
    WHERE seen < day AND (until IS NULL OR day <= until)
)
GROUP BY ALL
"""


def panel(path: Path, dates: Instants) -> Floats:
    """Compute the comparable panel of all clients in the file."""
    with duckdb.connect(config={"threads": 2}) as session:
        session.execute("SET TimeZone = 'UTC'")
        session.read_parquet(str(path)).create_view("event")
        session.execute("CREATE TEMP TABLE date (number INTEGER, day TIMESTAMP)")
        session.executemany("INSERT INTO date VALUES (?, ?)", list(enumerate(dates.tolist())))
        session.execute(_FACTS)
        clients = session.execute("SELECT count(*) FROM client").fetchall()[0][0]
        result = empty_panel(len(dates), clients)
        for query in (
            _counts("letter", "in", COUNT_DAYS),
            _counts("ours", "out", OUT_DAYS),
            *_levels("letter", "length", "in"),
            *_levels("(FROM wait WHERE direction = 'in')", "client_wait", "client_answers"),
            *_levels("(FROM wait WHERE direction = 'out')", "our_wait", "our_answers"),
            _SHORT,
            _RECENCY,
            _TENURE,
            _MEETINGS,
        ):
            _put(result, session.execute(query).fetchnumpy())
    add_volume_drop(result)
    return result


def _counts(rows: str, side: str, spans: tuple[int, ...]) -> str:
    """How many rows in each of several windows, which all end at the date: differences of running counts."""
    before = "coalesce(max(running) FILTER (span = {}), 0)"
    counts = ", ".join(f"{before.format(0)} - {before.format(span)} AS {side}_{span}" for span in spans)
    return f"""
        WITH edge AS (
            SELECT number, client, span, day - to_days(span) AS edge
            FROM date CROSS JOIN client CROSS JOIN (SELECT unnest({[0, *spans]}) AS span)
        ), counted AS (SELECT client, seen, row_number() OVER (PARTITION BY client ORDER BY seen) AS running FROM {rows})
        SELECT number, edge.client, {counts}
        FROM edge ASOF JOIN counted ON edge.client = counted.client AND edge > seen GROUP BY ALL
    """


def _levels(rows: str, name: str, counted: str) -> tuple[str, str]:
    """Median of `value` and number of rows in W; the same and the MAD in B."""
    level = "SELECT number, client, median(value) AS {0}_{2}, count(*) AS {1}_{2}"
    recent, past = level.format(name, counted, "w"), level.format(name, counted, "b")
    return (
        f"{recent} FROM {rows} JOIN date ON {_within(WINDOW_DAYS)} GROUP BY ALL",
        f"{past}, mad(value) AS {name}_mad FROM {rows} JOIN date ON {_within(BASELINE_DAYS, WINDOW_DAYS)} GROUP BY ALL",
    )


def _within(from_days: int, to_days: int = 0) -> str:
    """The rows of the window [day - from, day - to)."""
    return f"seen >= day - INTERVAL {from_days} DAY AND seen < day - INTERVAL {to_days} DAY"


def _put(result: Floats, found: Mapping[str, Any]) -> None:
    for name in found.keys() - {"number", "client"}:
        result[found["number"], found["client"], COLUMN[name]] = found[name]
