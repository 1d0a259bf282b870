"""The table of figures: on the screen, as JSON, and in docs/figures.md."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench.measure import Figure, Goal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

COLUMNS = ("work", "duban", "beside", "theirs", "ratio", "goal", "")


def machine() -> dict[str, Any]:
    """Return the hardware and versions behind the figures; nothing that names the machine."""
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
    }


def cells(figure: Figure) -> tuple[str, ...]:
    """Return the columns of one figure."""
    return (
        figure.work,
        f"{_number(figure.ours)} {figure.unit}",
        figure.against or "–",
        "–" if figure.theirs is None else f"{_number(figure.theirs)} {figure.unit}",
        "–" if figure.ratio is None else f"{_number(figure.ratio)} ×",
        "–" if figure.goal is None else _goal(figure.goal, figure.unit),
        {True: "met", False: "not met", None: ""}[figure.met],
    )


def show(figures: Iterable[Figure]) -> None:
    """Print the table."""
    table = Table(*COLUMNS, box=box.SIMPLE_HEAD)
    for figure in figures:
        table.add_row(*cells(figure), style="red" if figure.met is False else "")
    Console(width=None if os.isatty(1) else 170).print(table)


def keep(path: Path, measured: Mapping[str, Sequence[Figure]]) -> list[Figure]:
    """Write the figures as JSON and return all: other rows keep their earlier figures."""
    earlier = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else {}
    rows = earlier | {
        row: [_document(figure) for figure in figures] for row, figures in measured.items()
    }
    rows = dict(sorted(rows.items()))
    text = json.dumps({"machine": machine(), "rows": rows}, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
    return [_figure(document) for figures in rows.values() for document in figures]


def _document(figure: Figure) -> dict[str, Any]:
    return asdict(figure) | {"ratio": figure.ratio, "met": figure.met}


def _figure(document: dict[str, Any]) -> Figure:
    fields = {name: document[name] for name in Figure.__dataclass_fields__}
    goal = fields["goal"]
    return Figure(**fields | {"goal": Goal(**goal) if goal else None})


def _goal(goal: Goal, unit: str) -> str:
    return f"{goal.bound} {_number(goal.value)} {'×' if goal.of == 'ratio' else unit}"


def _number(value: float) -> str:
    """Return the number with three significant digits and no exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else f"{value:.1g}"
