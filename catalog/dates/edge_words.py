"""Words for a day counted from an edge of a period: 期末後3個月."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.wording import say, say_count

if TYPE_CHECKING:
    from catalog.dates.edges import Edge


def say_edge(language: str, edge: Edge) -> str:
    """Return the words of an edge in `language`: 3 months after its end."""
    if not edge.number:
        return say(language, f"date.edge.{edge.edge}")
    unit = edge.unit.replace(" ", "-")
    count = say_count(language, f"date.edge.{unit}", abs(edge.number))
    side = "after" if edge.number > 0 else "before"
    return say(language, f"date.edge.{side}-{edge.edge}", count=count)
