"""A plan's file or workbook as it is uploaded while the office is set up."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from catalog.duties.evidence_rules import safe_name
from catalog.plans import file as plan_file
from catalog.plans.load import plan_of
from catalog.reading.settling.plan_toml import tables_toml
from tasks.documents import plan_workbook

if TYPE_CHECKING:
    from fastapi import UploadFile

LARGEST = 800_000  # bytes


def text_of(upload: UploadFile | None) -> tuple[str, str]:
    """Return the name of the file, and its text as a plan's file.

    InvalidError for one that is too large, or is no plan.
    """
    name = safe_name(upload.filename or "") if upload else ""
    content = upload.file.read(LARGEST + 1) if upload else b""
    if name.lower().endswith(".xlsx") and len(content) <= LARGEST:
        book = plan_workbook.read(io.BytesIO(content), name=name)
        plan_of(book)
        return name, tables_toml(book.tables)
    plan_of(plan_file.parse(content, name, largest=LARGEST))
    return name, content.decode("utf-8-sig")
