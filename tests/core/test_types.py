"""The words of the product."""

from itertools import pairwise

import pytest

from churnwatch.core.errors import ChurnwatchError, DeliveryError
from churnwatch.core.types import Band, CaseState, Departure


def test_bands_rise() -> None:
    assert [band.rank for band in Band] == [0, 1, 2, 3]
    assert all(hotter.rank > cooler.rank for cooler, hotter in pairwise(Band))


def test_only_leaving_and_silence_are_churn() -> None:
    assert {departure for departure in Departure if departure.churn} == {Departure.LEFT, Departure.SILENT}


def test_a_case_that_was_saved_lost_or_dismissed_is_closed() -> None:
    assert {state.value for state in CaseState if state.closed} == {"saved", "lost", "dismissed"}


@pytest.mark.parametrize(("remedy", "whole"), [("Do this.", "It failed. Do this."), ("", "It failed.")])
def test_an_error_says_what_failed_and_what_to_do(remedy: str, whole: str) -> None:
    assert str(ChurnwatchError("It failed.", remedy=remedy)) == whole


def test_a_delivery_error_carries_the_retry_decision() -> None:
    error = DeliveryError("Busy.", permanent=False, retry_after_s=3.0)
    assert (error.permanent, error.retry_after_s) == (False, 3.0)
