"""File types of evidence, recognised by the bytes and never by the name alone."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from catalog.duties import zip_safety
from catalog.duties.evidence_rules import extension
from catalog.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from catalog.duties.zip_safety import Package

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
OFD = "application/ofd"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"

# The media types that are accepted, and the endings of their files' names.
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    PDF: ("pdf",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    OFD: ("ofd",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
}
BEGINS: Mapping[bytes, str] = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
PDF_END = b"%%EOF"
TAIL = 2048  # bytes; readers look for the end of a PDF in the last kilobyte


def media_type(name: str, content: IO[bytes]) -> str:
    """Return the media type of `content`, one of EXTENSIONS; `name` must end as that type does.

    InvalidError with `place` = name for a type that is not accepted, or another than the name's;
    for a file cut off, encrypted or able to run something, and for an archive beyond its limits.
    """
    content.seek(0)
    kind = _recognise(name, content)
    if kind is None:
        endings = " ".join(ending for endings in EXTENSIONS.values() for ending in endings)
        raise InvalidError("evidence-type", place=name, taken=endings)
    if extension(name) not in EXTENSIONS[kind]:
        raise InvalidError("evidence-extension", place=name, ending=EXTENSIONS[kind][0])
    return kind


def media_type_of(name: str, file: Path) -> str:
    """Return the media type of a file on the disk, as `media_type` does."""
    with file.open("rb") as content:
        return media_type(name, content)


def is_archive(content: IO[bytes]) -> bool:
    """Tell whether `content` is an archive, which is judged by what is packed in it."""
    content.seek(0)
    return content.read(len(zip_safety.ZIP)) == zip_safety.ZIP


def _recognise(name: str, content: IO[bytes]) -> str | None:
    head = content.read(8)
    if head.startswith(zip_safety.ZIP):
        return _kind_of(zip_safety.inspect(name, content))
    kind = next((kind for begin, kind in BEGINS.items() if head.startswith(begin)), None)
    if kind == PDF and PDF_END not in _tail(content):
        raise InvalidError("evidence-broken", place=name)
    return kind


def _kind_of(package: Package) -> str | None:
    """Return the type of an archive: by the main part of an office document, or its OFD index."""
    main = {each.removesuffix(".main+xml") for each in package.types if each.endswith(".main+xml")}
    if main in ({DOCX}, {XLSX}):
        return main.pop()
    return OFD if package.ofd_root == "OFD" and not main else None


def _tail(content: IO[bytes]) -> bytes:
    size = content.seek(0, io.SEEK_END)
    content.seek(max(0, size - TAIL))
    return content.read()
