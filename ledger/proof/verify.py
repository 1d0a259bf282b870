"""Verify a history: its chain, its anchors, and the pack that holds it.

It needs nothing but Python 3.8: duban verifies with this file, and every pack brings a copy.

    python verify.py [PACK] [--anchor ENTRIES:HASH]

PACK is the zip or the folder it was unpacked into; without it, the folder this file lies in. An
anchor from elsewhere (a letter, a circular) binds the history to a day the pack's own cannot.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from datetime import date, timedelta
from json.encoder import encode_basestring as quote
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import IO

GENESIS = "0" * 64  # what the first entry is linked to
CHUNK = 5000  # entries between two words of progress
PIECE = 1024 * 1024  # bytes read at once
LONGEST = 64 * PIECE  # bytes of one line; the largest plan has a few hundred thousand
HISTORY, ANCHORS, MANIFEST = "history.jsonl", "anchors.jsonl", "manifest.json"
EVIDENCE, EDITIONS, WORKDAYS = "evidence/", "editions/", "workdays/"
_BROKEN = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)  # RuntimeError: locked


class Anchor(NamedTuple):
    """A head published on a day: mailed, printed or stored in a file."""

    on: date
    entries: int
    head: str


class Fault(NamedTuple):
    """A difference from what was recorded; `seq` is the entry at fault, None for no single one."""

    seq: int | None
    what: str


class Verdict(NamedTuple):
    """The result of a verification."""

    entries: int
    head: str
    anchors: int
    ok: bool
    faults: tuple[Fault, ...]


class UnreadableError(ValueError):
    """A file that is no pack, or a text that is no anchor."""


def _body_1(seq: int, fields: Sequence[str]) -> str:
    """Return the SHA-256 of the canonical JSON of an entry without its links."""
    at, actor, deed, subject, payload = fields
    text = (
        f'{{"actor":{quote(actor)},"at":{quote(at)},"deed":{quote(deed)},"payload":{payload},'
        f'"seq":{seq},"subject":{quote(subject)}}}'
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# How the body of an entry becomes a digest, by the number of its format. What a release has
# written stays for ever; a new format is one more number, and its digest covers that number.
BODIES = {1: _body_1}
FORMAT = max(BODIES)  # of new entries


def body(seq: int, fields: Sequence[str], number: int = FORMAT) -> str:
    """Return the digest of an entry without its links, in the format of this number.

    `fields` are its instant, actor, deed, subject, and its payload as canonical JSON. Raises
    KeyError for a format that only a newer version knows.
    """
    return BODIES[number](seq, fields)


def chained(prev: str, digest: str) -> str:
    """Return the hash of an entry: the SHA-256 of the previous hash and its body's.

    A reader who may not see an entry can therefore still follow the chain.
    """
    return hashlib.sha256((prev + digest).encode()).hexdigest()


def _hash(seq: int, fields: Sequence[str], prev: str, number: int) -> str:
    """Return the hash of an entry, empty where a field is no text."""
    try:
        return chained(prev, body(seq, fields, number))
    except TypeError:
        return ""


class Walk:
    """One pass over the chain, compared with its anchors."""

    def __init__(self, anchors: Iterable[Anchor] = ()) -> None:
        self.anchors = sorted(anchors, key=lambda anchor: anchor.entries)
        self.read, self.seq, self.prev = 0, 0, GENESIS
        self.faults: list[Fault] = []
        self._places: dict[int, list[Anchor]] = {}
        self._unknown: set[int] = set()
        for anchor in self.anchors:
            self._places.setdefault(anchor.entries, []).append(anchor)

    def step(self, seq: int, *entry: Any) -> None:
        """Check the next entry; after a fault, continue from the hash that the entry claims.

        `entry` are its fields, the hash before it, its own, and the number of its format.
        """
        *fields, prev, digest, number = entry
        if seq != self.seq + 1:
            self._gap(seq)
        elif prev != self.prev:
            self.fault(seq, "unlinked: it does not follow the entry before it")
        if number not in BODIES:
            self._pass(seq, number)
        elif digest != _hash(seq, fields, prev, number):
            self.fault(seq, "altered: it is not what its hash was made of")
        self._arrive(seq, digest)

    def step_past(self, seq: int, digest_of_body: str, digest: str) -> None:
        """Check an entry of which only the digest of its body is known."""
        if seq != self.seq + 1:
            self._gap(seq)
        elif digest != chained(self.prev, digest_of_body):
            self.fault(seq, "unlinked: it does not follow the entry before it")
        self._arrive(seq, digest)

    def end(self) -> None:
        """Report each anchor that counts more entries than exist."""
        for anchor in self.anchors:
            if anchor.entries > self.seq:
                text = f"cut: the anchor of {anchor.on} counts {anchor.entries} entries"
                self.fault(None, text)

    def fault(self, seq: int | None, what: str) -> None:
        """Record a fault."""
        self.faults.append(Fault(seq, what))

    def _pass(self, seq: int, number: int) -> None:
        """Report a format that is not known, once and not for each of its entries."""
        if number not in self._unknown:
            self._unknown.add(number)
            text = "which this version does not know: verify with the one that wrote it"
            self.fault(seq, f"of format {number!r:.20}, {text}")

    def _gap(self, seq: int) -> None:
        missing = seq - self.seq - 1
        if missing > 0:
            self.fault(seq, f"missing: {missing} entries before this one")
        else:
            self.fault(seq, f"out of place: it stands behind entry {self.seq}")

    def _arrive(self, seq: int, digest: str) -> None:
        for anchor in self._places.get(seq, ()):
            if anchor.head != digest:
                self.fault(seq, f"rewritten: the anchor of {anchor.on} has another hash")
        self.read, self.seq, self.prev = self.read + 1, seq, digest


def read_anchor(line: str) -> Anchor:
    """Return the anchor of a line of JSON; raises UnreadableError."""
    try:
        row = json.loads(line)
        return Anchor(date.fromisoformat(row["on"]), int(row["entries"]), str(row["head"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise UnreadableError("no anchor: " + line[:80]) from None


def check(
    pack: Path, anchors: Iterable[Anchor] = (), progress: Callable[[int], None] | None = None
) -> Verdict:
    """Verify a pack and that it agrees with `anchors` from elsewhere; report every fault.

    `progress` gets the number of entries read. Raises UnreadableError for a file that is no pack.
    """
    try:
        files = _open(pack)
        if HISTORY not in files.names:
            raise UnreadableError(f"{pack} holds no {HISTORY}")
        return _check(files, anchors, progress)
    except _BROKEN as error:
        raise UnreadableError(f"{pack} cannot be read: {error}") from None


def _check(
    files: _Files, anchors: Iterable[Anchor], progress: Callable[[int], None] | None
) -> Verdict:
    own, unreadable = _own_anchors(files)
    walk = Walk([*own, *anchors])
    walk.faults += unreadable
    references = _References()
    for seq, line in enumerate(files.lines(HISTORY), 1):
        _entry(walk, references, seq, line)
        if progress and walk.read % CHUNK == 0:
            progress(walk.read)
    walk.end()
    walk.faults += [*_manifest(files, walk), *references.faults(files)]
    return Verdict(walk.read, walk.prev, len(walk.anchors), not walk.faults, tuple(walk.faults))


class _Files:
    """The files of a pack by name, in a zip or in a folder."""

    def __init__(self, names: Iterable[str], open_: Callable[[str], IO[bytes]]) -> None:
        self.names = list(names)
        self.open = open_
        if len(set(self.names)) < len(self.names):
            raise UnreadableError("two files of one name hide one")

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read(LONGEST)

    def lines(self, name: str) -> Iterator[bytes]:
        with self.open(name) as file:
            while True:
                line = file.readline(LONGEST)
                if not line:
                    return
                yield line

    def digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.open(name) as file:
            for piece in iter(lambda: file.read(PIECE), b""):
                digest.update(piece)
        return digest.hexdigest()


class _References:
    """Files that the entries refer to and the pack must hold: evidence and editions."""

    def __init__(self) -> None:
        self._evidence: dict[str, tuple[int, str]] = {}
        self._editions: dict[str, tuple[int, str]] = {}

    def take(self, seq: int, payload: dict[str, Any]) -> None:
        for table, key, row in payload["changes"]:
            if table == "evidence" and "sha256" in row:
                self._evidence.setdefault(row["sha256"], (seq, row["name"]))
            elif table == "editions" and "document" in row:
                self._editions[f"{EDITIONS}{key[0]}-{key[1]}.json"] = (seq, str(row["document"]))

    def faults(self, files: _Files) -> Iterator[Fault]:
        paths = {name[len(EVIDENCE) :].partition(".")[0]: name for name in _in(files, EVIDENCE)}
        for sha256, (seq, name) in self._evidence.items():
            if sha256 not in paths:
                yield Fault(seq, f"missing: evidence {name}")
            elif files.digest(paths[sha256]) != sha256:
                yield Fault(seq, f"changed: evidence {name}")
        for name in sorted(paths[s] for s in paths.keys() - self._evidence.keys()):
            yield Fault(None, f"unnamed: no entry tells of {name}")
        for name, (seq, document) in self._editions.items():
            if name not in files.names:
                yield Fault(seq, f"missing: {name}")
            elif files.read(name) != document.encode():
                yield Fault(seq, f"changed: {name}")
        for name in _in(files, WORKDAYS):  # CN-<version>.json
            if not name.endswith(f"-{_workdays_version(files.read(name))}.json"):
                yield Fault(None, f"changed: {name}")


def _open(pack: Path) -> _Files:
    if pack.is_dir():
        paths = (path for path in sorted(pack.rglob("*")) if path.is_file())
        return _Files(
            (p.relative_to(pack).as_posix() for p in paths), lambda n: (pack / n).open("rb")
        )
    archive = zipfile.ZipFile(pack)
    return _Files((n for n in archive.namelist() if not n.endswith("/")), archive.open)


def _own_anchors(files: _Files) -> tuple[list[Anchor], list[Fault]]:
    anchors, faults = [], []
    lines = files.lines(ANCHORS) if ANCHORS in files.names else iter(())
    for number, line in enumerate(lines, 1):
        try:
            anchors.append(read_anchor(line.decode("utf-8", "replace")))
        except UnreadableError:
            faults.append(Fault(None, f"unreadable: {ANCHORS}:{number} is no anchor"))
    return anchors, faults


def _entry(walk: Walk, references: _References, number: int, line: bytes) -> None:
    """Check the entry of a line: a whole one, or one with only its digests."""
    try:
        row = json.loads(line.decode("utf-8", "surrogatepass"))
        if "body" in row:
            walk.step_past(row["seq"], row["body"], row["hash"])
            return
        payload = json.dumps(
            row["payload"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        fields = (row["at"], row["actor"], row["deed"], row["subject"], payload)
        number = row.get("format", 1)  # packs of the first release do not name it
        walk.step(row["seq"], *fields, row["prev"], row["hash"], number)
        references.take(row["seq"], row["payload"])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        walk.fault(None, f"unreadable: {HISTORY}:{number} is no entry")


def _manifest(files: _Files, walk: Walk) -> Iterator[Fault]:
    """Yield where the pack differs from its manifest."""
    try:
        manifest = json.loads(files.read(MANIFEST))
        digests, end = dict(manifest["files"]), (manifest["entries"], manifest["head"])
    except (ValueError, KeyError, TypeError):
        yield Fault(None, f"unreadable: {MANIFEST} does not say what the pack holds")
        return
    if end != (walk.read, walk.prev):
        yield Fault(None, f"cut: {MANIFEST} counts {end[0]} entries and ends in another hash")
    for name in sorted(digests):
        if name not in files.names:
            yield Fault(None, f"missing: {name}")
        elif files.digest(name) != digests[name]:
            yield Fault(None, f"changed: {name}")


def _in(files: _Files, folder: str) -> list[str]:
    return [name for name in files.names if name.startswith(folder)]


def _workdays_version(content: bytes) -> str:
    """Return the version of a working-day calendar: the start of a SHA-256 of all its days."""
    try:
        calendar = json.loads(content)
        off = {day for year in calendar for stretch in year["off"] for day in _days(*stretch)}
        work = {day for year in calendar for day in year["work"]}
        years = sorted(str(year["year"]) for year in calendar)
    except (ValueError, KeyError, TypeError):
        return "unreadable"
    text = "\n".join(" ".join(part) for part in (years, sorted(off), sorted(work)))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _days(first: str, last: str) -> Iterator[str]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)


def parse_anchor(text: str) -> Anchor:
    """Return the anchor of ENTRIES:HASH; raises UnreadableError."""
    entries, _, head = text.partition(":")
    if not entries.isdigit() or len(head) != len(GENESIS):
        raise UnreadableError(f"{text} is not ENTRIES:HASH")
    return Anchor(date.max, int(entries), head.lower())


def main(argv: Sequence[str] | None = None) -> int:
    """Verify a pack for the person at the keyboard: 0 verified, 6 not true, 4 no pack."""
    parser = argparse.ArgumentParser(prog="verify.py", description=__doc__.partition("\n")[0])
    parser.add_argument("pack", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--anchor", action="append", default=[], metavar="ENTRIES:HASH")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    args = parser.parse_args(argv)
    try:
        verdict = check(Path(args.pack), [parse_anchor(text) for text in args.anchor])
    except UnreadableError as error:
        sys.stderr.write(f"verify.py: {error}\n")
        return 4
    faults = [fault._asdict() for fault in verdict.faults]
    if args.json:
        document = json.dumps(dict(verdict._asdict(), faults=faults), ensure_ascii=False, indent=1)
    else:
        document = "\n".join(lines(verdict))
    sys.stdout.buffer.write(document.encode() + b"\n")
    return 0 if verdict.ok else 6


def lines(verdict: Verdict) -> list[str]:
    """Return the verdict in words: a line for each fault, then the total."""
    faults = [f"entry {'-' if f.seq is None else f.seq}: {f.what}" for f in verdict.faults]
    result = "verified" if verdict.ok else "NOT TRUE"
    total = f"{verdict.entries} entries, {verdict.anchors} anchors, {verdict.head}: {result}"
    return [*faults, total]


if __name__ == "__main__":
    sys.exit(main())
