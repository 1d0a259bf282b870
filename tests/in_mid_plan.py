"""A small plan in force in its middle, and trackers of it, written as files."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from ledger.duties import duties
from tasks.trackers.uses import uploads
from tasks.trackers.uses.preview import preview
from tests.world import small_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tasks.trackers.uses.preview import Preview
    from tasks.trackers.uses.uploads import Tracker, Use
    from tests.world import World

START = dt.date(2014, 7, 1)
HEADS = ("序號", "工作事項", "責任單位", "完成時限", "完成情況", "實際完成時間", "備註")


def book(
    rows: Iterable[Sequence[Any]], *, title: str = "2014年督辦台賬", heads=HEADS
) -> io.BytesIO:
    """Return a workbook with a title row, heads, and `rows`."""
    made, file = Workbook(), io.BytesIO()
    sheet = made.active
    sheet.title = "台賬"
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    made.save(file)
    file.seek(0)
    return file


def mid_plan(world: World, folder: Path, *, past: int, ahead: int = 2) -> None:
    """Publish a plan with so many past milestones and some ahead; the ledger starts on START."""
    first = dt.date(2013, 9, 1)
    before = [
        {"id": f"past{n}", "title": f"完成第{n}項改造", "due_on": first + dt.timedelta(days=7 * n)}
        for n in range(1, past + 1)
    ]
    after = [
        {"id": f"next{n}", "title": f"推進第{n}項建設", "due_on": START + dt.timedelta(days=60 * n)}
        for n in range(1, ahead + 1)
    ]
    world.publish(small_plan(folder, *before, *after, between=False), start_on=START)
    world.sweep(START)


def begun(world: World, content: io.BytesIO, use: Use, *, user: str = "office/officer") -> str:
    """Begin a tracker and return its id."""
    act = world.act(user)
    return uploads.begin(world.ledger, content, act, name="台賬.xlsx", plan="small-2013", use=use)


def look(world: World, upload: str, *, user: str = "office/officer") -> tuple[Tracker, Preview]:
    """Return a tracker under way and its preview."""
    with world.ledger.read() as conn:
        of = uploads.tracker(conn, upload, user)
        return of, preview(conn, of, world.act(user))


def key(world: World, name: str) -> str:
    """Return the key of the duty of that obligation."""
    with world.ledger.read() as conn:
        return next(d.key for d in duties.listed(conn) if d.obligation.endswith(f".{name}"))
