"""`duban history` and `duban verify`: what was done, and whether it still says what it said."""

from __future__ import annotations

from desk.output import progress, put_json, put_line, put_table
from desk.session import Day, Json, open_ledger
from ledger import anchors
from ledger import history as rows
from tasks.past import end_of


def history(key: str | None = None, *, as_of: Day | None = None, as_json: Json = False) -> None:
    """Print the completion history, whole or of the subject KEY, up to the end of a day."""
    with open_ledger() as ledger:
        before = end_of(ledger, as_of) if as_of else None
        with ledger.read() as conn:
            found = [entry._asdict() for entry in rows.entries(conn, key, before=before)]
    if as_json:
        put_json(found)
        return
    columns = ("seq", "at", "actor", "deed", "subject", "hash")
    put_table("", columns, [[e[c] for c in columns] for e in found])


def verify(*, as_json: Json = False) -> int:
    """Verify chain, anchors and evidence, and that the history tells the ledger; 6 if not."""
    with open_ledger() as ledger, ledger.read() as conn, progress() as bar:
        known = anchors.anchors(ledger.settings.home)
        count = rows.head(conn).entries
        task = bar.add_task("verifying", total=count)
        verdict = rows.verify(
            conn,
            known,
            also=ledger.evidence.faults(conn),
            progress=lambda share: bar.update(task, completed=int(share * count)),
        )
    faults = [fault._asdict() for fault in verdict.faults]
    if as_json:
        put_json({**verdict._asdict(), "faults": faults})
    else:
        for fault in verdict.faults:
            put_line(f"entry {fault.seq if fault.seq is not None else '-'}: {fault.what}")
        said = "verified" if verdict.ok else "NOT TRUE"
        put_line(f"{verdict.entries} entries, {verdict.anchors} anchors, {verdict.head}: {said}")
    return 0 if verdict.ok else 6
