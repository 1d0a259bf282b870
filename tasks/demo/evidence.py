"""Evidence of the demonstration: small real PDF files, the same every time."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger

TITLES: Mapping[str, str] = {
    "minutes": "會議紀要",
    "attendance": "簽到表",
    "document": "文件",
    "photo": "照片",
    "source": "數據來源",
}
# A font that PDF readers bring along for traditional Chinese, so none is embedded.
FONT = (
    b"<</Type /Font /Subtype /Type0 /BaseFont /MSung-Light /Encoding /UniCNS-UTF16-H"
    b" /DescendantFonts [<</Type /Font /Subtype /CIDFontType0 /BaseFont /MSung-Light"
    b" /CIDSystemInfo <</Registry (Adobe) /Ordering (CNS1) /Supplement 3>> >>]>>"
)
PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
A_LINE = 30  # characters


@contextmanager
def papers(
    ledger: Ledger, labels: Sequence[str], title: str, *, on: dt.date
) -> Iterator[list[EvidenceFile]]:
    """Yield one made-up paper for each label, marked as demonstration data."""
    if not labels:
        yield []
        return
    with ledger.evidence.tray() as tray:
        yield [_paper(label, title, on, tray.take) for label in labels]


def _paper(label: str, title: str, on: dt.date, take: Callable[..., EvidenceFile]) -> EvidenceFile:
    words = [TITLES[label], *_lines(title), f"{on:%Y年%m月%d日}", "(演示數據,並非真實文件)"]
    name = f"{TITLES[label]}{on:%Y%m%d}.pdf"
    return take(io.BytesIO(pdf(words)), name=name, kind=label)


def _lines(text: str) -> list[str]:
    return [text[at : at + A_LINE] for at in range(0, len(text), A_LINE)]


def pdf(lines: Sequence[str]) -> bytes:
    """Return a PDF of one A4 page with these lines."""
    lines_shown = b" T* ".join(
        b"<%s> Tj" % line.encode("utf-16-be").hex().encode() for line in lines
    )
    text = b"BT /F 16 Tf 24 TL 72 760 Td %s ET" % lines_shown
    objects = (
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        PAGE + b" /Resources <</Font <</F 5 0 R>>>>>>",
        b"<</Length %d>> stream\n%s\nendstream" % (len(text), text),
        FONT,
    )
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    """Return the PDF file of these objects, with its cross-reference table."""
    whole = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    trailer = b"trailer <</Size %d /Root 1 0 R>>" % (len(objects) + 1)
    return b"%s%s%s\nstartxref\n%d\n%%%%EOF\n" % (whole, table, trailer, len(whole))
