"""Answers typed into the preview of a tracker, by the question each is about."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tasks.trackers.uses.row import OMIT, Ask, own

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.datastructures import FormData

    from tasks.trackers.uses.row import Row

TYPED = "-typed"  # the name of the input beside a choice ends so
SHOWN = "row"  # the hidden field that names each row of the form


def field_name(id_: str) -> str:
    """Return the name of the field of the question with this id."""
    return f"a{hashlib.sha256(id_.encode()).hexdigest()[:16]}"


def leave_name(row: Row) -> str:
    """Return the name of the box that leaves a row out."""
    return field_name(own(row.line, "leave"))


def read_answers(form: FormData, rows: Iterable[Row], asks: Iterable[Ask] = ()) -> dict[str, str]:
    """Return the answers in a form that differ from what was shown, by id.

    A row that the form does not name was not on the page.
    """
    places = set(form.getlist(SHOWN))
    on_page = [row for row in rows if row.line.place in places]
    every = [*asks, *(ask for row in on_page for ask in (*row.asks, *row.fields))]
    answers = {ask.id: text for ask in every if (text := _text(form, ask)) != ask.value}
    for row in on_page:
        leaves = form.get(leave_name(row)) == "yes"
        if leaves != (row.omission == "by-hand"):
            answers[own(row.line, "leave")] = "yes" if leaves else ""
    return {id_: "" if text == OMIT else text for id_, text in answers.items()}


def _text(form: FormData, ask: Ask) -> str:
    """Return the text in the field of a question; what is typed counts before what is chosen."""
    name = field_name(ask.id)
    for each in (f"{name}{TYPED}", name):
        value = form.get(each)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return "" if name in form else ask.value
