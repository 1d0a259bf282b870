"""A table that a command measures, put between the marks of a page in docs/."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def put_into(page: Path, mark: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the table between `<!-- mark:begin -->` and `<!-- mark:end -->` of `page`."""
    begin, end = f"<!-- {mark}:begin -->", f"<!-- {mark}:end -->"
    before, begun, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not (begun and ended):
        raise ValueError(f"{page} has no place for a table: {begin} … {end}")
    lines = [columns, ["---"] * len(columns), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    page.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")
