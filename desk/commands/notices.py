"""`duban notices` and `duban notice`: the outbox, and its deeds: retry and release."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from catalog.errors import UsageRefusedError
from desk.api.documents import notice_document
from desk.commands import channel_stops, slips
from desk.commands.options import Actor, DryRun, Json, local_user, open_ledger, plans_in_scope
from desk.commands.output import put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.post import notices as outbox
from ledger.post import tidings
from tasks import today
from tasks.clock import now_utc
from tasks.post import requeue

Every = Annotated[
    bool, Parameter(name="--all", negative="", help="The messages of every dead notice.")
]

LEFT_OUT = (
    "; {} that came back left out: record the right address, or name them:"
    " duban notices --state bounced, duban notice retry ID ..."
)

app = App(name="notice", help="Retry dead notices, resume a stopped channel, or release a slip.")


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
    *notices: str,
    every: Every = False,
    reason: str | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Queue the undelivered messages of notices ID … again, or with --all those of every dead one.

    --reason WORDS limits --all to those with WORDS in their reason. Those that came back are left
    out of --all: they leave again once the right address is recorded, or by ID. A letter whose
    address is still right is tried again under its Message-ID.
    """
    if every == bool(notices) or (reason is not None and not every):
        raise UsageRefusedError("one-of", options="ID …, --all")
    with open_ledger(dry_run=dry_run) as ledger:
        at = today.now(ledger, plans_in_scope(ledger, None)[0], now_utc).at
        doer, left_out = actor or local_user(), 0
        if every:
            with ledger.read() as conn:
                left_out = requeue.came_back(conn, reason or "")
            queued = requeue.retry_all(ledger, at=at, actor=doer, reason=reason or "")
        else:
            queued = requeue.retry(ledger, notices, at=at, actor=doer)
    if as_json:
        document = {"notices": notices, "messages": queued, "state": "queued", "dry_run": dry_run}
        put_json(document)
    else:
        names = " ".join(notices) or f"{len(queued)} messages"
        more = LEFT_OUT.format(left_out) if left_out else ""
        put_line(f"{names}: {'would be ' if dry_run else ''}queued{more}")


app.command(channel_stops.resume)
app.command(slips.release)  # the same deed as `duban slip release`
