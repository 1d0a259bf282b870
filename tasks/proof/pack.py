"""Packs: a part of the history with its evidence as a zip, verifiable without duban.

The entries of the part are included whole, all others as the digest of their bodies, so the chain
can be verified up to its anchors and nobody reads entries that are not for them.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.metadata import version
from json.encoder import encode_basestring as quote
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from catalog.dates.workdays import notices_with
from catalog.errors import ConflictError
from ledger import holiday_notices
from ledger.plans import editions
from ledger.proof import chain, pack_rows, verify
from ledger.proof.anchors import content, stamps
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from catalog.dates.workdays import Notice
    from ledger.duties.life import Evidence
    from ledger.proof.pack_rows import StoredEntry
    from ledger.session import Connection, Ledger

CHUNK = 2000  # entries read at once
KEPT_ON = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the date of every file, so that the same state gives the same bytes

Kind = Literal["duty", "agency", "plan"]


class Scope(NamedTuple):
    """The part of the history that a pack includes whole.

    `duties` are the keys of its duties; a pack of a `plan` includes every entry not about another
    plan. `reader` are the agencies it is made for, None for readers who may see everything: an
    agency does not see the entries of letters to others.
    """

    kind: Kind
    of: str
    plans: tuple[str, ...]
    duties: tuple[str, ...]
    reader: frozenset[str] | None = None


class _State(NamedTuple):
    """What is packed, as of one moment; `included` are the subjects of the entries told whole."""

    head: chain.Head
    anchors: bytes
    editions: list[editions.Edition]
    workdays: dict[str, list[Notice]]
    evidence: list[Evidence]
    included: frozenset[str]
    foreign: frozenset[str]


def stream_pack(
    ledger: Ledger, scope: Scope, *, summary: str, style: bytes = b""
) -> Iterator[bytes]:
    """Yield the bytes of the zip; the same state gives the same bytes.

    `summary` is an HTML page that describes the content, and `style` its style sheet. The zip is
    streamed; entries are read in short transactions, because they never change. Lost evidence is
    left out, and verification reports it.
    """
    state = _state(ledger, scope)
    sink, sums = _Sink(), {}
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # it only writes
        walk = _Walked()
        for name, pieces in _contents(ledger, scope, state, walk):
            digest = hashlib.sha256()
            with archive.open(_info(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                    yield sink.taken()
            sums[name] = digest.hexdigest()
        for name, content in (("summary.html", summary.encode()), ("summary.css", style)):
            archive.writestr(_info(name), content)
            sums[name] = hashlib.sha256(content).hexdigest()
        manifest = _manifest(scope, state, walk) | {"files": sums}
        archive.writestr(_info(verify.MANIFEST), _document(manifest))
    yield sink.taken()


def place(sha256: str, name: str) -> str:
    """Return the path of a file of evidence in a pack: its hash, with the suffix of its name."""
    suffix = PurePath(name).suffix
    return verify.EVIDENCE + sha256 + (suffix if suffix.isascii() and suffix[1:].isalnum() else "")


def names_by_digest(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return one name for each SHA-256, independent of the order of `files`: (SHA-256, name)."""
    return dict(sorted(set(files), reverse=True))


def subjects(conn: Connection, scope: Scope) -> frozenset[str]:
    """Return the subjects of the entries a pack of duties tells: they, and letters about them."""
    letters = pack_rows.letters_about(conn, scope.duties, plans=scope.plans, readers=scope.reader)
    return frozenset(letters | {*scope.duties})


def _state(ledger: Ledger, scope: Scope) -> _State:
    anchors = content(ledger.settings.home)  # before the head, so they are never ahead of it
    with ledger.read() as conn:
        rows = [row for plan in scope.plans for row in editions.of(conn, plan)]
        others = {e.plan for e in editions.all_in_force(conn)} - set(scope.plans)
        return _State(
            head=chain.head(conn),
            anchors=anchors,
            editions=rows,
            workdays=_calendars(conn, scope),
            evidence=pack_rows.evidence(conn, scope.duties),
            included=frozenset() if scope.kind == "plan" else subjects(conn, scope),
            foreign=frozenset(others | pack_rows.letters_of(conn, others)),
        )


def _calendars(conn: Connection, scope: Scope) -> dict[str, list[Notice]]:
    """Return the notices of the working days in the pack, by the name of their file."""
    calendars = {}
    for code in sorted({in_force(conn, plan).plan.workdays for plan in scope.plans}):
        version = holiday_notices.calendar(conn, code).version
        own = holiday_notices.recorded(conn, code)
        calendars[f"{verify.WORKDAYS}{code}-{version}.json"] = notices_with(code, own)
    return calendars


def _contents(
    ledger: Ledger, scope: Scope, state: _State, walk: _Walked
) -> Iterator[tuple[str, Iterable[bytes]]]:
    script = resources.files("ledger.proof") / "verify.py"
    yield "verify.py", [script.read_bytes()]
    yield verify.ANCHORS, [state.anchors]
    for path in stamps(ledger.settings.home):
        yield f"stamps/{path.name}", [path.read_bytes()]
    for row in state.editions:
        yield f"{verify.EDITIONS}{row.plan}-{row.edition}.json", [row.document.encode()]
    for name, notices in state.workdays.items():
        yield name, [_document([notice._asdict() for notice in notices])]
    yield verify.HISTORY, _entries(ledger, scope, state, walk)
    for sha256, name in names_by_digest((row.sha256, row.name) for row in state.evidence).items():
        path = ledger.evidence.path(sha256)
        if path.is_file():
            yield place(sha256, name), _pieces(path)


class _Walked:
    """How far the entries have been written: how many, how many of them whole, the last hash."""

    entries, whole, head = 0, 0, chain.GENESIS


def _entries(ledger: Ledger, scope: Scope, state: _State, walk: _Walked) -> Iterator[bytes]:
    after, through = 0, state.head.entries
    while True:
        with ledger.read() as conn:
            rows = pack_rows.entries(conn, after=after, through=through, limit=CHUNK)
        if not rows:
            return
        lines = []
        for row in rows:
            is_told = _is_told(scope, state, row)
            lines.append(_whole(row) if is_told else _sealed(row))
            walk.whole += is_told
        walk.entries, walk.head, after = walk.entries + len(rows), rows[-1].hash, rows[-1].seq
        yield "".join(lines).encode("utf-8", "surrogatepass")


def _is_told(scope: Scope, state: _State, row: StoredEntry) -> bool:
    if scope.kind == "plan":
        return row.subject not in state.foreign and row.subject.split("/")[0] not in state.foreign
    return row.subject in state.included or (row.deed == "published" and row.subject in scope.plans)


def _whole(row: StoredEntry) -> str:
    """Return the canonical JSON of an entry, with its payload as stored."""
    seq, at, actor, deed, subject, payload, prev, digest, number = row
    return (
        f'{{"actor":{quote(actor)},"at":{quote(at)},"deed":{quote(deed)},"format":{number},'
        f'"hash":{quote(digest)},"payload":{payload},"prev":{quote(prev)},"seq":{seq},"subject":{quote(subject)}}}\n'
    )


def _sealed(row: StoredEntry) -> str:
    seq, *fields, _, digest, number = row
    if number not in verify.BODIES:
        raise ConflictError("entry-format", seq=seq, number=number)
    return f'{{"body":"{verify.body(seq, fields, number)}","hash":{quote(digest)},"seq":{seq}}}\n'


def _manifest(scope: Scope, state: _State, walk: _Walked) -> dict[str, Any]:
    return {
        "pack": 1,
        "duban": version("duban"),
        "demo": any(edition.is_demo for edition in state.editions),
        "kind": scope.kind,
        "of": scope.of,
        "entries": walk.entries,
        "whole": walk.whole,
        "head": walk.head,
        "editions": [
            {"plan": e.plan, "edition": e.edition, "workdays": e.workdays_version}
            for e in state.editions
        ],
    }


def _document(value: Any) -> bytes:
    return (chain.canonical(value) + "\n").encode()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(verify.PIECE):
            yield piece


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, KEPT_ON)
    info.compress_type = ZIP_STORED if name.startswith(verify.EVIDENCE) else ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3  # the same bytes on every system
    return info


class _Sink:
    """What a zip is written to and taken from, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Buffer `piece`."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the buffer is read by `taken`."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content
