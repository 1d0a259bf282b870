"""Option `--evidence LABEL=FILE` of commands: files are checked before the deed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

from catalog.duties.evidence_rules import LABELS
from catalog.errors import NotFoundError, UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.proof.evidence import EvidenceFile, Tray
    from ledger.session import Ledger

Evidence = Annotated[
    list[str] | None,
    Parameter(
        name="--evidence",
        negative="",
        help=f"LABEL=FILE, may be repeated; the labels: {', '.join(LABELS)}.",
    ),
]


class _Option(NamedTuple):
    label: str
    path: Path


@contextmanager
def evidence_files(ledger: Ledger, evidence: Sequence[str] | None) -> Iterator[list[EvidenceFile]]:
    """Yield the files of `--evidence`, checked; a file that no deed stores is dropped afterwards.

    Raises UsageRefusedError for an unknown label, NotFoundError for an unreadable file,
    InvalidError for a refused one.
    """
    options = [_option(each) for each in evidence or ()]
    if not options:
        yield []
        return
    with ledger.evidence.tray() as tray:
        yield [_receive(tray, each) for each in options]


def _option(text: str) -> _Option:
    label, _, path = text.partition("=")
    if label not in LABELS or not path:
        raise UsageRefusedError("evidence-label", typed=text, labels=", ".join(LABELS))
    return _Option(label, Path(path))


def _receive(tray: Tray, option: _Option) -> EvidenceFile:
    try:
        source = option.path.open("rb")
    except OSError as error:
        values = {"file": option.path, "problem": error.strerror}
        raise NotFoundError("file-unreadable", **values) from error
    with source:
        return tray.take(source, name=option.path.name, kind=option.label)
