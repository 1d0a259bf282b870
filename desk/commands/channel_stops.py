"""`duban notice resume`: letters of a stopped channel, tried again at a person's word."""

from __future__ import annotations

from desk.commands.options import Actor, DryRun, Json, local_user, open_ledger, plans_in_scope
from desk.commands.output import put_json, put_line
from tasks import today
from tasks.clock import now_utc
from tasks.post.channels import stops


def resume(
    channel: str, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Try the letters of the stopped CHANNEL again with the next delivery, all of them at once."""
    with open_ledger(dry_run=dry_run) as ledger:
        at = today.now(ledger, plans_in_scope(ledger, None)[0], now_utc).at
        stops.resume(ledger, channel, at=at, actor=actor or local_user())
    if as_json:
        put_json({"channel": channel, "state": "resumed", "dry_run": dry_run})
    else:
        put_line(f"{channel}: {'would be ' if dry_run else ''}resumed")
