"""Silence about a duty: an inquiry for progress nobody answered, and days without a word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from catalog.duties.standing import RUNNING, standing

if TYPE_CHECKING:
    from catalog.duties.standing import Facts

LONG = 90  # days without a word, after which a duty is looked at


def is_unreported(facts: Facts, today: date) -> bool:
    """Tell whether its performer was asked for progress and nobody has said a word since.

    The rule: docs/rules.md, Between opening and due date.
    """
    if facts.asked_on is None or (facts.spoken_on or date.min) >= facts.asked_on:
        return False
    return standing(facts, today).status in RUNNING


def is_silent(facts: Facts, today: date, *, days: int) -> bool:
    """Tell whether nobody has said a word for so many days, or since it opened."""
    if (facts.spoken_on or facts.opens_on) > today - timedelta(days):
        return False
    return standing(facts, today).status in RUNNING
