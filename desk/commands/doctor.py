"""`duban doctor`: health of the installation and its ledgers."""

from __future__ import annotations

from desk.commands.options import Json, open_ledger
from desk.commands.output import put_json, put_line
from ledger.settings import command_language
from tasks.clock import now_utc
from tasks.upkeep.doctor import findings


def doctor(*, as_json: Json = False) -> int:
    """Check the installation and its ledger; ends with 6 when something needs a person.

    In the main jurisdiction each of the others adds one line. The page /settings/doctor shows the
    same.
    """
    with open_ledger() as ledger:
        rows = findings(ledger, now_utc())
    healthy, lang = all(row.ok for row in rows), command_language()
    if as_json:
        documents = [
            {"check": row.check, "ok": row.ok, "detail": row.detail(), "mend": row.mend}
            for row in rows
        ]
        put_json({"ok": healthy, "findings": documents})
    else:
        for row in rows:
            mend = "" if row.ok else f" - {row.mend}"
            put_line(f"{'ok  ' if row.ok else 'LOOK'}  {row.check:12} {row.detail(lang)}{mend}")
    return 0 if healthy else 6
