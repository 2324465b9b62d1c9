"""docs/signals.md is what the catalogue says today."""

from pathlib import Path

from churnwatch import features
from churnwatch.cli.catalogue import markdown

_PAGE = Path(__file__).parents[1] / "docs" / "signals.md"


def test_the_page_of_signals_is_current() -> None:
    current = _PAGE.read_text(encoding="utf-8") == markdown(features.CATALOGUE)
    assert current, (
        "docs/signals.md is not what the catalogue says. Run: churnwatch signals --markdown > docs/signals.md"
    )
