"""Shares with their intervals, as benchmarks print them."""

from math import sqrt

_Z = 1.96  # 95 %


def wilson(hits: int, total: int, digits: int = 2) -> str:
    """A share with its 95 % Wilson interval.

    >>> wilson(8, 10)
    '0.80 [0.49, 0.94]'
    """
    if not total:
        return "-"
    share, shrink = hits / total, 1 + _Z**2 / total
    middle = (share + _Z**2 / (2 * total)) / shrink
    half = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)) / shrink
    return f"{share:.{digits}f} [{middle - half:.{digits}f}, {middle + half:.{digits}f}]"
