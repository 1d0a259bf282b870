"""`duban history`, `verify` and `pack`: the history, its verification and its proof."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from cyclopts import Parameter

from catalog.errors import ConflictError, InvalidError, NotFoundError, UsageRefusedError
from desk.access import visibility
from desk.commands.options import Day, Json, day_or_today, local_user, open_ledger
from desk.commands.output import hint, progress, put_json, put_line, put_table
from desk.proof import pack as packs
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_home
from ledger.proof.verify import Anchor, UnreadableError, Verdict, check, lines, parse_anchor
from tasks.clock import now_utc
from tasks.known_on import end_of
from tasks.proof import mending

Anchors = Annotated[
    list[str] | None, Parameter(help="ENTRIES:HASH of a letter or circular; may be repeated.")
]
Mend = Annotated[
    bool,
    Parameter(
        name="--mend",
        negative="",
        help="Set columns right that decide when the engine acts; the history records each.",
    ),
]
Mender = Annotated[str | None, Parameter(name="--as", help="Who mends.")]
User = Annotated[str | None, Parameter(name="--as", help="The person the pack is for.")]


def history(key: str | None = None, *, as_of: Day | None = None, as_json: Json = False) -> None:
    """Print the completion history, whole or of the subject KEY, up to the end of a day."""
    with open_ledger() as ledger:
        before = end_of(ledger, as_of) if as_of else None
        with ledger.read() as conn:
            entries = [entry._asdict() for entry in chain.entries(conn, key, before=before)]
    if as_json:
        put_json(entries)
        return
    columns = ("seq", "at", "actor", "deed", "subject", "hash")
    put_table("", columns, [[e[c] for c in columns] for e in entries])


def verify(
    pack: Path | None = None,
    *,
    anchor: Anchors = None,
    mend: Mend = False,
    user: Mender = None,
    as_json: Json = False,
) -> int:
    """Verify chain, anchors, evidence, and the ledger against its history; ends with 6 if not ok.

    With PACK, a zip or its unpacked folder, verify the pack instead of the ledger.
    """
    more = [_anchor(text) for text in anchor or ()]
    if mend and pack is None:
        with open_ledger() as ledger:
            for wrong in mending.mend(ledger, at=now_utc(), actor=user or local_user()):
                hint(f"mended: {wrong.what}")
    verdict = _of_ledger(more) if pack is None else _of_pack(pack, more)
    if as_json:
        put_json({**verdict._asdict(), "faults": [fault._asdict() for fault in verdict.faults]})
    else:
        put_line("\n".join(lines(verdict)))
    return 0 if verdict.ok else 6


def pack(of: str, file: Path, *, user: User = None, as_json: Json = False) -> None:
    """Write the proof of a PLAN, an AGENCY or a duty (its KEY) into FILE, a zip.

    Anybody can verify it with the `verify.py` inside, without duban. With --as it holds only what
    that person may see.
    """
    with open_ledger() as ledger:
        with ledger.read() as conn:
            actor = visibility.actor(conn, user, day_or_today(ledger, None)) if user else None
            scope = packs.find(conn, of, actor).scope
        if file.exists():
            raise ConflictError("file-there", file=file)
        size = _write(file, packs.pieces(ledger, scope, ledger.settings.lang))
    if as_json:
        put_json({"kind": scope.kind, "of": scope.of, "file": str(file), "bytes": size})
    else:
        put_line(f"{file}: {scope.kind} {scope.of}, {size} bytes")


def _of_ledger(more: list[Anchor]) -> Verdict:
    with open_ledger() as ledger, ledger.read() as conn, progress() as bar:
        count = chain.head(conn).entries
        task = bar.add_task("verifying", total=count)
        return verify_home(
            conn,
            ledger.settings.home,
            ledger.evidence,
            anchors=more,
            at=now_utc(),
            progress=lambda share: bar.update(task, completed=int(share * count)),
        )


def _of_pack(place: Path, more: list[Anchor]) -> Verdict:
    if not place.exists():
        raise NotFoundError("pack-absent", place=place)
    with progress() as bar:
        task = bar.add_task("verifying", total=None)
        try:
            return check(place, more, lambda n: bar.update(task, completed=n))
        except UnreadableError as error:
            raise InvalidError("pack-unreadable", place=place, reason=error) from None


def _anchor(text: str) -> Anchor:
    try:
        return parse_anchor(text)
    except UnreadableError:
        raise UsageRefusedError("anchor-typed", typed=text) from None


def _write(file: Path, pieces: Iterable[bytes]) -> int:
    """Write `file` whole or not at all, and return its size in bytes."""
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=".pack-", delete=False) as part:
            place = Path(part.name)
            try:
                size = sum(map(part.write, pieces))
                place.replace(file)
            except BaseException:
                place.unlink()
                raise
    except OSError as error:
        raise InvalidError("file-unwritable", file=file, problem=error.strerror) from None
    return size
