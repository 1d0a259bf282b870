"""Fields of a form or of a request body: text as typed, and files by their label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from catalog.duties.evidence_rules import LABELS, safe_name
from catalog.errors import UsageRefusedError
from tasks.clock import typed_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable
    from collections.abc import Set as AbstractSet

    from fastapi.dependencies.models import Dependant

    from catalog.duties.declaration import Deed, Field

FILE = "file-"  # the fields of files are named by their label: file-minutes
OF_PAGES = frozenset({"token", "then"})  # fields of every form of our pages
MOST_DIGITS = 9  # of a number in a hidden field
LONGEST_NAME = 60  # characters of an unknown name that the answer repeats


class Fields:
    """The fields of one request; `beside` are names that do not belong to the deed."""

    def __init__(self, form: FormData, beside: AbstractSet[str] = frozenset()) -> None:
        self._form = form
        self._beside = beside

    def check(self, deed: Deed, *, beside: AbstractSet[str] = frozenset()) -> None:
        """Refuse unknown and doubled fields, and files that `deed` does not take.

        `beside` are further fields of the page. Raises UsageRefusedError.
        """
        files = [FILE + label for label in LABELS] if deed.takes_files else []
        known = [*(field.name for field in deed.fields), *files]
        several = [*files, *(field.name for field in deed.fields if field.kind == "agencies")]
        for name in sorted(self._form.keys() - self._beside - beside):
            values = [each for each in self._form.getlist(name) if not _is_empty(each)]
            uploads = [each.filename for each in values if isinstance(each, UploadFile)]
            if uploads and not files:
                raise UsageRefusedError("deed-without-files", place=safe_name(uploads[0] or ""))
            if name not in known and values:
                raise unknown_field(name, known)
            if len(uploads) != (len(values) if name in files else 0):
                raise UsageRefusedError("field-unfit", name=name)
            if len(values) > 1 and name not in several:
                raise UsageRefusedError("field-twice", name=name)

    def text(self, name: str) -> str:
        """Return the text typed into the field, empty when nothing was."""
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def values(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` by name, its date as a day; UsageRefusedError for another."""
        return {field.name: self._value(field) for field in deed.fields}

    def texts(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` by name, as typed."""
        return {
            field.name: self.several(field.name)
            if field.kind == "agencies"
            else self.text(field.name)
            for field in deed.fields
        }

    def several(self, name: str) -> list[str]:
        """Return the texts chosen in a field of several."""
        values = (each for each in self._form.getlist(name) if isinstance(each, str))
        return [text for each in values if (text := each.strip())]

    def files(self) -> list[tuple[str, UploadFile]]:
        """Return the files by label; an empty field of a form brings a file without a name."""
        fields = ((label, each) for label in LABELS for each in self._form.getlist(FILE + label))
        return [
            (label, each)
            for label, each in fields
            if isinstance(each, UploadFile) and not _is_empty(each)
        ]

    def _value(self, field: Field) -> object:
        text = self.text(field.name)
        if field.kind == "date":
            return _day(text) if text else None
        if field.kind == "agencies":
            return tuple(self.several(field.name))
        if field.kind == "flag":
            return _flag(field.name, text)
        if field.kind == "hidden":
            return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
        return text


async def whole_form(request: Request) -> FormData:
    """Return the form of a request whose page checks by itself which fields it has."""
    return await request.form()


WholeForm = Annotated[FormData, Depends(whole_form)]


async def form_fields(form: WholeForm) -> Fields:
    """Return the fields of the form of a request."""
    return Fields(form, OF_PAGES)


def refuse_unknown(form: FormData, known: Collection[str]) -> None:
    """Refuse a form with a field of text that is none of the `known`: UsageRefusedError."""
    for name, value in form.multi_items():
        if isinstance(value, str) and name not in known and name not in OF_PAGES:
            raise unknown_field(name, known)


def reads_whole_form(dependant: Dependant) -> bool:
    """Tell whether a route, or what it depends on, reads the whole form."""
    return any(each.call is whole_form or reads_whole_form(each) for each in dependant.dependencies)


FormFields = Annotated[Fields, Depends(form_fields)]


def unknown_field(name: str, known: Iterable[str]) -> UsageRefusedError:
    """Return the refusal of a field or parameter that is none of the `known`."""
    name, names = name[:LONGEST_NAME], ", ".join(known)
    if not names:
        return UsageRefusedError("field-none", name=name)
    return UsageRefusedError("field-unknown", name=name, known=names)


def _is_empty(value: UploadFile | str) -> bool:
    """Tell whether it is the field of a form in which no file was chosen."""
    return isinstance(value, UploadFile) and not value.filename


def _flag(name: str, text: str) -> bool:
    if text not in {"", "yes", "no"}:
        raise UsageRefusedError("field-unfit", name=name)
    return text == "yes"


def _day(text: str) -> dt.date:
    try:
        return typed_day(text)
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=text) from error
