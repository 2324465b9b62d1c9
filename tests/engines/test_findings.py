from datetime import date

import event_tables
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from churnwatch import features
from churnwatch.core.calendar import BusinessCalendar
from churnwatch.core.errors import NotEnoughDataError
from churnwatch.engines import Skipped, kernel
from churnwatch.engines.buckets import Plan
from churnwatch.engines.findings import Findings, added, survey_from_json, survey_to_json
from churnwatch.model.tone import SHIPPED

CALENDAR = BusinessCalendar("Europe/Berlin", "DE")
DATES = (date(2025, 5, 5), date(2025, 6, 2))


@pytest.fixture(scope="module")
def events() -> pa.Table:
    """The damaged cast, each row with its bucket of three."""
    rows = pa.Table.from_pandas(event_tables.damaged(event_tables.cast()), preserve_index=False)
    rows = rows.append_column(kernel.FILE, pa.array(["events.parquet"] * len(rows)))
    rows = rows.append_column(kernel.ROW, pa.array(np.arange(len(rows)) + 1))
    return kernel.prepare(rows, Plan((), 3), CALENDAR.zone, SHIPPED)


def found_in(events: pa.Table) -> Findings:
    return kernel.find(events, DATES, CALENDAR)


def test_findings_of_buckets_add_up_to_those_of_the_firm(events: pa.Table) -> None:
    parts = [found_in(events.filter(pc.equal(events["bucket"], bucket))) for bucket in range(3)]
    assert sum(part.clients > 0 for part in parts) > 1
    assert added(parts, "cast").to_json() == found_in(events).to_json()


def test_findings_survive_their_journey(events: pa.Table) -> None:
    found = found_in(events)
    arrived = Findings.from_json(found.to_json())
    assert arrived.to_json() == found.to_json()
    assert arrived.skipped == found.skipped
    np.testing.assert_array_equal(arrived.counts.inbound, found.counts.inbound)


def test_a_survey_says_the_same_after_its_journey(events: pa.Table) -> None:
    firm = kernel.survey(events, DATES, CALENDAR, features.NAMES, found_in(events))
    assert firm.pools
    arrived = survey_from_json(survey_to_json(firm))
    before, after = (
        pa.concat_tables(kernel.measure(events, DATES, CALENDAR, features.NAMES, survey)).to_pandas()
        for survey in (firm, arrived)
    )
    assert before.equals(after)


def test_of_one_problem_in_several_buckets_the_first_place_is_told(events: pa.Table) -> None:
    found = found_in(events)
    one, other = (Findings(1, 1, 1, found.counts, {}, {"is bad": Skipped(2, "b.parquet", row)}) for row in (17, 4))
    assert (one + other).skipped == {"is bad": Skipped(4, "b.parquet", 4)}


def test_nothing_found_is_an_error() -> None:
    with pytest.raises(NotEnoughDataError, match=r"empty\.parquet holds no event"):
        added([], "empty.parquet")
