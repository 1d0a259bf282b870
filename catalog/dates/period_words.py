"""The name of a period by its label: 2014年下半年."""

from __future__ import annotations

from catalog.dates.spans import span
from catalog.wording import say


def say_period(language: str, label: str) -> str:
    """Return the name of a year, half-year, quarter or month in `language`."""
    year, _, half = label.partition("-H")
    return say(language, f"date.half-{half}", year=year) if half else span(label).name(language)
