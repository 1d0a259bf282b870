"""`duban notices` and `duban notice`: the outbox, and its deeds: retry and release."""

from __future__ import annotations

from cyclopts import App

from desk.api.documents import notice_document
from desk.commands import slips
from desk.commands.options import Actor, DryRun, Json, local_user, open_ledger, plans_in_scope
from desk.commands.output import put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.post import notices as outbox
from ledger.post import tidings
from tasks import today
from tasks.clock import now_utc
from tasks.post import requeue

app = App(name="notice", help="Retry a dead notice, or release a drafted slip.")


def notices(*, duty: str | None = None, state: str | None = None, as_json: Json = False) -> None:
    """List the notices: of the duty KEY, or in a STATE (draft, queued, sent, dead, superseded).

    Messages about no duty (a circular, a scorecard) follow them, except with --json.
    """
    with open_ledger() as ledger, ledger.read() as conn:
        agencies = register.agencies_on(conn)
        every = [notice_document(n, agencies) for n in outbox.listed(conn, duty=duty, state=state)]
        others = [] if duty else tidings.listed(conn, state=state)
    if as_json:
        put_json(every)
        return
    columns = ("id", "on", "state", "form", "rung", "to", "position", "key", "reason")
    put_table(f"{len(every)}", columns, [[n[c] for c in columns] for n in every])
    if others:
        lines = [(t.id, t.on, s, t.kind, t.recipient, t.subject, why) for t, s, why in others]
        put_table(f"{len(lines)}", ("id", "on", "state", "kind", "to", "subject", "reason"), lines)


@app.command
def retry(
    notice: str, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Queue the dead message of notice ID again; it keeps its Message-ID."""
    with open_ledger(dry_run=dry_run) as ledger:
        at = today.now(ledger, plans_in_scope(ledger, None)[0], now_utc).at
        message = requeue.retry(ledger, notice, at=at, actor=actor or local_user())
    if as_json:
        put_json({"notice": notice, "message": message, "state": "queued", "dry_run": dry_run})
    else:
        put_line(f"{notice}: {'would be ' if dry_run else ''}queued")


app.command(slips.release)  # the same deed as `duban slip release`
