"""Zip files within limits: every part read to its last byte, nothing in them that can run."""

from __future__ import annotations

import errno
import io
import struct
import zipfile
import zlib
from typing import IO, NamedTuple
from xml.parsers import expat  # document types are refused below, so nothing can expand

from catalog.errors import InvalidError

MB = 1024 * 1024
MOST_PARTS = 2000
LARGEST_TOTAL = 200 * MB  # of everything, nested archives included
LARGEST_NESTED = 20 * MB  # an archive inside is held in memory while it is read
LARGEST_RATIO = 200  # a sheet of equal cells reaches about 100, a bomb begins near 1000
SMALL = MB  # below this a ratio says nothing
LARGEST_INDEX = MB
DEEPEST = 1  # a chart brings its sheet inside; nothing honest goes further
ZIP = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
OFD_INDEX = "OFD.xml"

PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # all that office documents use
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    ValueError,
    RuntimeError,
)


class Package(NamedTuple):
    """The content types of an archive's parts, and the root of its OFD index."""

    types: frozenset[str]
    ofd_root: str | None


def inspect(name: str, content: IO[bytes]) -> Package:
    """Read the archive `content` whole; InvalidError where it exceeds a limit, hides or can run."""
    try:
        return _Reading(name).package(content, depth=0)
    except _BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # zipfile seeks to where a damaged index points
            raise
        raise InvalidError("evidence-broken", place=name) from error


class _Reading:
    """The limits left for one file while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts = MOST_PARTS
        self.total = LARGEST_TOTAL

    def package(self, content: IO[bytes], *, depth: int) -> Package:
        types: frozenset[str] = frozenset()
        root = None
        with zipfile.ZipFile(content) as archive:
            for part in self._within_limits(archive.infolist()):
                index = self._part(archive, part, depth=depth)
                if index and part.filename == CONTENT_TYPES:
                    types = self._types(index, archive.namelist())
                elif index and part.filename == OFD_INDEX:
                    root = _elements(index)[0][0]
        return Package(types, root)

    def _within_limits(self, parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """Return `parts` when their declared sizes fit; zipfile reads no part beyond its size."""
        self.parts -= len(parts)
        self.total -= sum(part.file_size for part in parts)
        if self.parts < 0:
            raise InvalidError("evidence-parts", place=self.name, most=MOST_PARTS)
        if any(part.flag_bits & 1 for part in parts):
            raise InvalidError("evidence-encrypted", place=self.name)
        if self.total < 0 or any(_unfolds(part) for part in parts):
            raise InvalidError("evidence-unfolds", place=self.name)
        names = {part.filename.lower() for part in parts}  # two parts of one name hide one
        if len(names) < len(parts) or any(part.compress_type not in PACKINGS for part in parts):
            raise InvalidError("evidence-broken", place=self.name)
        return parts

    def _part(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, depth: int) -> bytes | None:
        """Read one part to its end, where its checksum stands; the bytes if it is an index."""
        if part.filename.lower().endswith("vbaproject.bin"):
            raise InvalidError("evidence-macros", place=self.name)
        with archive.open(part) as content:
            if part.filename in {CONTENT_TYPES, OFD_INDEX} and part.file_size <= LARGEST_INDEX:
                return content.read()
            head = content.read(len(ZIP))
            if head == ZIP:
                self._nested(content, part, depth=depth + 1)
            while content.read(MB):
                pass
        return None

    def _nested(self, content: IO[bytes], part: zipfile.ZipInfo, *, depth: int) -> None:
        if depth > DEEPEST or part.file_size > LARGEST_NESTED:
            raise InvalidError("evidence-nested", place=self.name)
        self.package(io.BytesIO(ZIP + content.read()), depth=depth)

    def _types(self, index: bytes, parts: list[str]) -> frozenset[str]:
        types = frozenset(
            attributes.get("ContentType", "").lower()
            for _, attributes in _elements(index)
            if _is_used(attributes, parts)
        )
        if any("macro" in each or "vba" in each for each in types):
            raise InvalidError("evidence-macros", place=self.name)
        return types


def _is_used(attributes: dict[str, str], parts: list[str]) -> bool:
    """Tell whether a type is of a part of the archive: SheetJS declares types it may never use."""
    ending = attributes.get("Extension", "").lower()
    return not ending or any(part.lower().endswith(f".{ending}") for part in parts)


def _unfolds(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > LARGEST_RATIO * part.compress_size


def _elements(document: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the local name and the attributes of each element; ValueError for a document type."""
    elements: list[tuple[str, dict[str, str]]] = []

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: elements.append(
        (tag.rpartition(" ")[2], attributes)
    )
    parser.Parse(document, True)  # noqa: FBT003  expat names no parameters
    return elements
