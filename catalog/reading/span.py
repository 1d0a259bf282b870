"""Stretches of a document's text, and the questions about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Span(NamedTuple):
    """A stretch of the document's text, the end left out."""

    start: int
    end: int


@dataclass(frozen=True)
class Ask:
    """A question: `readings` are the answers it offers, each the fields it would set.

    `about` is "plan", the number of a measure, or the id of a proposal. A reading {"drop": True}
    says that the words bind nobody. `key` names its text under `[question]` in the wording.
    """

    key: str
    about: str
    span: Span
    readings: tuple[Mapping[str, Any], ...] = ()
    id: str = ""
