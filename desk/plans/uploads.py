"""Files uploaded as a plan, or as the document that a plan is drafted from."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.evidence_rules import safe_name
from catalog.errors import InvalidError
from catalog.plans import file as plan_file
from catalog.plans.load import plan_of
from catalog.reading.settling.plan_toml import tables_toml
from tasks.documents import plan_workbook, text

if TYPE_CHECKING:
    from fastapi import UploadFile

LARGEST = 800_000  # bytes of an uploaded plan, which the form that publishes it sends again
CODE = re.compile(r"(?!.{61})[a-z0-9]+(-[a-z0-9]+)*")


class Upload(NamedTuple):
    """An uploaded file; `size` in bytes where only a part of it was read."""

    name: str
    content: bytes
    size: int = 0

    @property
    def text(self) -> str:
        """Its text, which a form sends again."""
        return self.content.decode("utf-8-sig")


def plan_upload(file: UploadFile | None) -> Upload:
    """Return the file of a plan, or that which a workbook describes.

    InvalidError names the sheet and cell of a workbook that is none.
    """
    if file is None:
        return Upload(safe_name(""), b"")
    content = file.file.read(LARGEST + 1)
    upload = Upload(safe_name(file.filename or ""), content, file.size or 0)
    return _from_workbook(upload) if upload.name.lower().endswith(".xlsx") else upload


def parsed(upload: Upload) -> plan_file.PlanFile:
    """Return the tables of a plan's file; InvalidError for one that is too large or is none."""
    return plan_file.parse(upload.content, upload.name, size=upload.size, largest=LARGEST)


def document_upload(file: UploadFile | None, code: str) -> Upload:
    """Return the document of a plan that will have the code `code`.

    InvalidError for an empty or too large one, and for a code that cannot be one.
    """
    name = safe_name(file.filename or "") if file else ""
    content = file.file.read(text.LARGEST + 1) if file else b""
    if not content:
        raise InvalidError("document-empty", place=name)
    if len(content) > text.LARGEST:
        size, largest = len(content), text.LARGEST
        raise InvalidError("document-too-large", place=name, size=size, largest=largest)
    if not CODE.fullmatch(code):
        raise InvalidError("draft-code", place=code)
    return Upload(name, content)


def _from_workbook(upload: Upload) -> Upload:
    if max(upload.size, len(upload.content)) > LARGEST:
        return upload
    book = plan_workbook.read(io.BytesIO(upload.content), name=upload.name)
    plan_of(book)
    return Upload(upload.name, tables_toml(book.tables).encode())
