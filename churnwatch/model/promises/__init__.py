"""Dated promises that the writer of a message makes in it, and whether a message says that something is sent or done.

Precision goes first: a promise that is hedged, conditional, asked for, denied, reported, quoted or made by a third party is
none, and neither is a meeting, a call, an absence or a promise without a day.
"""

from churnwatch.model.promises.delivery import delivers
from churnwatch.model.promises.promise import Promise, find

__all__ = ["Promise", "delivers", "find"]
