"""A piece of a large table of events in Arrow, held to the same rules as a whole file of the interchange format."""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from churnwatch.sources.events_table import _KNOWN as KNOWN_COLUMNS
from churnwatch.sources.events_table import _complete, _parsed
from churnwatch.sources.table_files import _of_arrow


def checked(rows: pa.Table) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Clean columns of every row, as `EventTable.from_frame` takes them, and per row what is wrong with it ("" = nothing).

    The table holds `KNOWN_COLUMNS` alone. Whether an event comes twice cannot be seen in a piece.
    """
    raw = _of_arrow(rows, "", rows.column_names, KNOWN_COLUMNS, {}).frame
    columns, problems = _parsed(raw)
    frame = pd.DataFrame(columns, index=raw.index)
    _complete(frame, problems)
    return frame, problems


__all__ = ["KNOWN_COLUMNS", "checked"]
