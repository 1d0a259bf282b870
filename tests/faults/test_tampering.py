"""Changes to the history by the owner of the database, each shown by the anchors."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.offices.installation import load_settings
from ledger.proof import anchors, chain, verify
from ledger.proof.chain import Draft, link
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from tasks.deeds import answering
from tasks.proof.pack import Scope, stream_pack
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BACKUP_ON = date(2013, 8, 8)
LAST = date(2013, 8, 12)
KEY = "small-2013/1.report/-/once"
PLACE = 20  # the entry tampered with; days after it have anchors


def live(home: Path, folder: Path, *, since: date, until: date) -> None:
    """Live the days: each is swept, anchored, and brings a word of progress."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(folder, {}))
        on = since
        while on <= until:
            world.sweep(on)
            if on == ISSUED:
                world.acknowledge(KEY)
            answering.progress(ledger, KEY, world.act("trade/officer"), text=f"至{on}的進展")
            on += DAY


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Path:
    """A home lived until LAST, beside it the backup of its database as it was on BACKUP_ON."""
    folder = tmp_path_factory.mktemp("tampering")
    home = folder / "home"
    live(home, folder, since=ISSUED, until=BACKUP_ON)
    shutil.copy(home / "duban.db", folder / "backup.db")
    live(home, folder, since=BACKUP_ON + DAY, until=LAST)
    return home


@pytest.fixture
def home(lived, tmp_path) -> Path:
    shutil.copytree(lived, tmp_path / "home")
    return tmp_path / "home"


def entries(conn: sqlite3.Connection) -> list[chain.Entry]:
    rows = conn.execute("SELECT * FROM entries ORDER BY seq")
    return [chain.Entry(*row[:8]) for row in rows]


def put(conn: sqlite3.Connection, rows: list[chain.Entry]) -> None:
    conn.execute("DELETE FROM entries")
    conn.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)", rows)


def hashed_again(rows: list[chain.Entry]) -> list[chain.Entry]:
    """Return the entries numbered and linked as if they had always been these."""
    prev, whole = chain.GENESIS, []
    for seq, entry in enumerate(rows, 1):
        digest = link(seq, Draft(*entry[1:6]), prev)
        whole.append(entry._replace(seq=seq, prev=prev, hash=digest))
        prev = digest
    return whole


def edit(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE entries SET actor = 'nobody' WHERE seq = ?", [PLACE])


def delete(conn: sqlite3.Connection) -> None:
    conn.execute("DELETE FROM entries WHERE seq = ?", [PLACE])


def swap(conn: sqlite3.Connection) -> None:
    rows = entries(conn)
    one, other = rows[PLACE - 1], rows[PLACE]
    rows[PLACE - 1], rows[PLACE] = other._replace(seq=PLACE), one._replace(seq=PLACE + 1)
    put(conn, rows)


def insert(conn: sqlite3.Connection) -> None:
    rows = entries(conn)
    before, after = rows[: PLACE - 1], rows[PLACE - 1 :]
    forged = rows[PLACE - 1]._replace(actor="nobody")
    forged = forged._replace(hash=link(PLACE, Draft(*forged[1:6]), forged.prev))
    put(conn, [*before, forged, *(e._replace(seq=e.seq + 1) for e in after)])


def cut(conn: sqlite3.Connection) -> None:
    conn.execute("DELETE FROM entries WHERE seq > ?", [PLACE])


def edit_and_hash_again(conn: sqlite3.Connection) -> None:
    rows = entries(conn)
    rows[PLACE - 1] = rows[PLACE - 1]._replace(actor="nobody")
    put(conn, hashed_again(rows))


def delete_and_hash_again(conn: sqlite3.Connection) -> None:
    rows = entries(conn)
    put(conn, hashed_again([*rows[: PLACE - 1], *rows[PLACE:]]))


def old_backup(home: Path) -> None:
    shutil.copy(home.parent / "backup.db", home / "duban.db")


def old_backup_and_new_entries(home: Path) -> None:
    """Go on with an old database, as one could who first took the anchors away."""
    old_backup(home)
    rows = anchors.anchor_file(home).read_bytes()
    anchors.anchor_file(home).unlink()
    live(home, home.parent, since=LAST + timedelta(days=3), until=LAST + timedelta(days=6))
    anchors.anchor_file(home).write_bytes(rows)


class Case(NamedTuple):
    do: Callable[[sqlite3.Connection], None] | Callable[[Path], None]
    seq: int | None  # the first bad entry
    what: str
    only_by_anchor: bool = False


CASES = {
    "edit": Case(edit, PLACE, "altered"),
    "delete": Case(delete, PLACE + 1, "missing"),
    "swap": Case(swap, PLACE, "unlinked"),
    "insert": Case(insert, PLACE + 1, "unlinked"),
    "cut tail": Case(cut, None, "cut", only_by_anchor=True),
    "edit and re-hash": Case(edit_and_hash_again, None, "rewritten", only_by_anchor=True),
    "delete and re-hash": Case(delete_and_hash_again, None, "rewritten", only_by_anchor=True),
    "old backup": Case(old_backup, None, "cut", only_by_anchor=True),
    "old backup, new entries": Case(
        old_backup_and_new_entries, None, "rewritten", only_by_anchor=True
    ),
}


@pytest.fixture(params=CASES)
def tampered(request, home, lived) -> tuple[Path, Case]:
    case = CASES[request.param]
    if case.do in (old_backup, old_backup_and_new_entries):
        shutil.copy(lived.parent / "backup.db", home.parent / "backup.db")
        case.do(home)
        return home, case
    with closing(sqlite3.connect(home / "duban.db")) as conn, conn:
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            conn.execute(f"DROP TRIGGER {name}")
        case.do(conn)
    return home, case


def opened(home: Path) -> Ledger:
    return Ledger.open(load_settings({"DUBAN_HOME": str(home)}))


def first_of_chain(faults) -> tuple[int | None, str]:
    """Return the first fault of the chain or its anchors; the tables may differ as well."""
    kinds = ("altered", "missing", "unlinked", "cut", "rewritten")
    whats = [(seq, what.partition(":")[0]) for seq, what in faults]
    return next(each for each in whats if each[1] in kinds)


def expected(home: Path, case: Case) -> tuple[int | None, str]:
    """Return what must be found; a history written anew is found at the first anchor after it."""
    if case.what != "rewritten":
        return case.seq, case.what
    with opened(home) as ledger, ledger.read() as conn:
        now = {entry.seq: entry.hash for entry in chain.entries(conn)}
    rows = anchors.anchors(home)
    return next(a.entries for a in rows if now.get(a.entries, a.head) != a.head), "rewritten"


def pack_of(home: Path, file: Path) -> Path:
    with opened(home) as ledger:
        scope = Scope("plan", "small-2013", ("small-2013",), (KEY,))
        file.write_bytes(b"".join(stream_pack(ledger, scope, summary="")))
    return file


def bare(*argv: object) -> tuple[int, dict]:
    """Run the stand-alone script on a Python that has nothing but its standard library."""
    command = [sys.executable, "-I", "-S", verify.__file__, *map(str, argv), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.returncode, json.loads(ended.stdout)


def test_what_nobody_touched_is_verified_by_both(home, tmp_path):
    with opened(home) as ledger, ledger.read() as conn:
        assert verify_ledger(conn, anchors.anchors(home)).ok
    code, report = bare(pack_of(home, tmp_path / "pack.zip"))
    assert (code, report["ok"], report["faults"]) == (0, True, [])
    assert report["anchors"] > 5


def test_duban_finds_it(tampered):
    home, case = tampered
    with opened(home) as ledger, ledger.read() as conn:
        result = verify_ledger(conn, anchors.anchors(home))
    assert not result.ok
    assert first_of_chain(result.faults) == expected(home, case)


def test_the_script_finds_it_in_a_pack_made_afterwards(tampered, tmp_path):
    home, case = tampered
    code, report = bare(pack_of(home, tmp_path / "pack.zip"))
    assert (code, report["ok"]) == (6, False)
    faults = [(fault["seq"], fault["what"]) for fault in report["faults"]]
    assert first_of_chain(faults) == expected(home, case)


def test_without_its_anchors_only_a_clumsy_hand_is_seen(tampered, tmp_path):
    home, case = tampered
    rows = anchors.anchors(home)
    anchors.anchor_file(home).unlink()
    code, _ = bare(pack_of(home, tmp_path / "pack.zip"))
    assert (code == 0) is case.only_by_anchor
    if case.only_by_anchor:
        options = [("--anchor", anchors.anchor_line(anchor)) for anchor in rows]
        code, _ = bare(tmp_path / "pack.zip", *(word for pair in options for word in pair))
        assert code == 6
