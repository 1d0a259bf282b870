"""Fields of a form or of a request body: text as typed, and files by their label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from catalog.duties.evidence_rules import LABELS
from catalog.errors import UsageRefusedError
from tasks.clock import typed_day

if TYPE_CHECKING:
    import datetime as dt

    from starlette.datastructures import FormData

    from catalog.duties.deeds import Deed, Field

FILE = "file-"  # the fields of files are named by their label: file-minutes
MOST_DIGITS = 9  # of a number in a hidden field


class Fields:
    """The fields of one request."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """Return the text typed into the field, empty when nothing was."""
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def values(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` by name, its date as a day; UsageRefusedError for another."""
        return {field.name: self._value(field) for field in deed.fields}

    def texts(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` by name, as typed."""
        return {field.name: self.text(field.name) for field in deed.fields}

    def files(self) -> list[tuple[str, UploadFile]]:
        """Return the files by label; an empty field of a form brings a file without a name."""
        fields = ((label, each) for label in LABELS for each in self._form.getlist(FILE + label))
        return [
            (label, each)
            for label, each in fields
            if isinstance(each, UploadFile) and each.filename
        ]

    def _value(self, field: Field) -> object:
        text = self.text(field.name)
        if field.kind == "date":
            return _day(text) if text else None
        if field.kind == "hidden":
            return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
        return text


async def form_fields(request: Request) -> Fields:
    """Return the fields of the form of a request."""
    return Fields(await request.form())


FormFields = Annotated[Fields, Depends(form_fields)]


def _day(text: str) -> dt.date:
    try:
        return typed_day(text)
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=text) from error
