"""How files come to a command: `--evidence LABEL=FILE`, received and checked before the deed."""

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


class _Given(NamedTuple):
    label: str
    path: Path


@contextmanager
def received(ledger: Ledger, evidence: Sequence[str] | None) -> Iterator[list[EvidenceFile]]:
    """Give the files of `--evidence`, checked and waiting; what no deed keeps is gone afterwards.

    Raises UsageRefusedError for an unknown label, NotFoundError for a file that cannot be read,
    InvalidError for one that is refused.
    """
    given = [_given(each) for each in evidence or ()]
    if not given:
        yield []
        return
    with ledger.evidence.tray() as tray:
        yield [_taken(tray, each) for each in given]


def _given(typed: str) -> _Given:
    label, _, path = typed.partition("=")
    if label not in LABELS or not path:
        raise UsageRefusedError("evidence-label", typed=typed, labels=", ".join(LABELS))
    return _Given(label, Path(path))


def _taken(tray: Tray, given: _Given) -> EvidenceFile:
    try:
        source = given.path.open("rb")
    except OSError as error:
        values = {"file": given.path, "problem": error.strerror}
        raise NotFoundError("file-unreadable", **values) from error
    with source:
        return tray.take(source, name=given.path.name, kind=given.label)
