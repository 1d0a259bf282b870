"""What the office does with a drafted slip (督辦單): release it under a number, or withdraw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.errors import ConflictError
from catalog.ladder.letter_text import Text
from ledger.post import messages, notices, slips
from ledger.store.changes import Change
from tasks.deeds.frame import doing
from tasks.deeds.registry import does
from tasks.post.letters import words

if TYPE_CHECKING:
    import datetime as dt

    from ledger.post.notices import Notice
    from ledger.session import Connection, Ledger
    from ledger.settings import Settings
    from tasks.act import Act
    from tasks.deeds.frame import Doing


@does("release-slip")
def release(ledger: Ledger, notice: str, act: Act) -> slips.Slip:
    """Release the slip drafted as `notice`; return it with its number and its frozen words.

    A person answers for this: a sweep never does it (docs/rules.md, The ladder). The number
    is the next in the register of the plan and the year, given in the same transaction as
    everything else, so a release that fails leaves no gap. The next delivery round sends it, by
    every channel.
    ConflictError when it is no draft (any more), or speaks of a due date that has been moved.
    """
    draft = _told(ledger, notice)
    with doing(ledger, "release-slip", draft.duty, act) as it:
        if draft.due_version != it.duty.due_version:
            raise ConflictError("slip-outdated", notice=notice, due_on=it.duty.due_on)
        moved = _moved(it, draft, {"state": "queued", "on": act.on})
        slip = _numbered(it, ledger, draft)
        values = {name: value for name, value in slip.model_dump().items() if name != "message"}
        entered = Change("slips", slip.message, values, "insert")
        it.record({}, *moved, entered, notice=notice, number=slip.number)
        return slip


@does("withdraw-slip")
def withdraw(ledger: Ledger, notice: str, act: Act, *, reason: str) -> None:
    """Withdraw the slip drafted as `notice`: it is not sent, and not drafted again.

    ConflictError when it is no draft (any more): what was released stays released.
    """
    draft = _told(ledger, notice)
    with doing(ledger, "withdraw-slip", draft.duty, act, reason=reason) as it:
        moved = _moved(it, draft, {"state": "superseded", "reason": it.said["reason"]})
        it.record({}, *moved, notice=notice)


def text(conn: Connection, slip: slips.Entered, settings: Settings, *, on: dt.date) -> Text:
    """Return what a slip said when it was released; of a draft, what it would say on day `on`."""
    if slip.slip is not None:
        return Text(slip.slip.subject, slip.slip.body)
    message = messages.one(conn, slip.notice.message)
    return words(
        conn,
        message.model_copy(update={"on": on}) if message.state == "draft" else message,
        settings,
    )


def _told(ledger: Ledger, notice: str) -> Notice:
    with ledger.read() as conn:
        return notices.one(conn, notice)


def _numbered(it: Doing, ledger: Ledger, draft: Notice) -> slips.Slip:
    on, conn = it.act.on, it.tx.conn
    serial = slips.next_serial(conn, it.duty.plan, on.year)
    number = it.edition.plan.slip_number(on.year, serial)
    message = messages.one(conn, draft.message).model_copy(update={"on": on})
    text = words(conn, message, ledger.settings, number=number)
    return slips.Slip(
        message=message.id,
        duty=it.duty.key,
        plan=it.duty.plan,
        year=on.year,
        serial=serial,
        number=number,
        released_on=on,
        released_by=it.act.user,
        subject=text.subject,
        body=text.body,
    )


def _moved(it: Doing, draft: Notice, values: dict[str, Any]) -> list[Change]:
    """Return the changes of the draft's message, and of its copies by other channels."""
    state = messages.one(it.tx.conn, draft.message).state
    if state != "draft":
        raise ConflictError("message-state", notice=draft.id, state=state, wanted="draft")
    copies = notices.copies(it.tx.conn, draft)
    waiting = [copy.message for copy in copies if copy.state == "draft"]
    return [Change("messages", message, values, expected={"state": "draft"}) for message in waiting]
