"""A tracker as the draft of a plan, which people settle on its own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.trackers.drafts.plan_text import PlanSheet, plan_text
from ledger.trackers import uploads
from tasks.agencies.names import registered
from tasks.plans import settling
from tasks.setup.list_register import register_of
from tasks.setup.stage import is_under_way

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.trackers.uses.uploads import Tracker


def begin(ledger: Ledger, of: Tracker, act: Act, code: str) -> str:
    """Begin the draft of a plan `code` from a tracker, which ends; return the draft's id.

    What the tracker leaves open becomes a question of the draft.
    """
    with ledger.read() as conn:
        register = registered(conn)
        is_founding = is_under_way(conn)
    if is_founding:  # the list of agencies waits until the office has begun
        register = register_of(ledger, act)
    with ledger.together() as whole:
        sheet = PlanSheet(of.grid, of.mapping, of.year, of.answers)
        draft = settling.begin(
            whole,
            b"",
            act,
            name=of.upload.name,
            code=code,
            register=register,
            text=plan_text([sheet], register, name=of.upload.name),
            digest=of.upload.sha256,
        )
        with whole.transaction() as tx:
            uploads.end(tx, of.upload.id, act.at)
    return draft
