"""Drafted slips (督辦單): released under a number, or withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.errors import ConflictError
from catalog.ladder.rungs import rung_of
from catalog.letters.line import Text
from ledger.post import messages, notices, slips
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does
from tasks.letters.addressees import copied
from tasks.letters.slip_words import words

if TYPE_CHECKING:
    import datetime as dt

    from catalog.role_names import Addressee
    from ledger.post.notices import Notice
    from ledger.session import Connection, Ledger
    from ledger.settings import Settings
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("release-slip")
def release(ledger: Ledger, notice: str, act: Act) -> slips.Slip:
    """Release the slip drafted as `notice`; return it with its number and its frozen words.

    A person answers for this: a sweep never does it (docs/rules.md, The ladder). The number is
    the next in the register of the plan and the year. It is assigned in the same transaction, so a
    release that fails leaves no gap. The next delivery round sends it to every position that its
    rung names, by every channel; those it is copied to (抄送) read of it in their next digest.
    ConflictError if it is not or no longer a draft, or names a due date that has been moved.
    """
    draft = _notice(ledger, notice)
    with open_deed(ledger, "release-slip", draft.duty, act) as deed:
        if draft.due_version != deed.duty.due_version:
            raise ConflictError("slip-outdated", notice=notice, due_on=deed.duty.due_on)
        changes = _changes(deed, draft, {"state": "queued", "on": act.on})
        slip = _new_slip(deed, ledger, draft)
        values = {name: value for name, value in slip.model_dump().items() if name != "message"}
        row = Change("slips", slip.message, values, "insert")
        copies = deed.notify(f"copied:{draft.rung}", list(_copied(deed, draft)))
        deed.record({}, *changes, row, *copies, notice=notice, number=slip.number)
        return slip


@does("withdraw-slip")
def withdraw(ledger: Ledger, notice: str, act: Act, *, reason: str) -> None:
    """Withdraw the slip drafted as `notice`: it is not sent, and not drafted again.

    ConflictError if it is not or no longer a draft: a released slip stays released.
    """
    draft = _notice(ledger, notice)
    with open_deed(ledger, "withdraw-slip", draft.duty, act, reason=reason) as deed:
        changes = _changes(deed, draft, {"state": "superseded", "reason": deed.fields["reason"]})
        deed.record({}, *changes, notice=notice)


def text(conn: Connection, slip: slips.SlipNotice, settings: Settings, *, on: dt.date) -> Text:
    """Return the text of a slip as released; of a draft, the text it would have on day `on`."""
    if slip.slip is not None:
        return Text(slip.slip.subject, slip.slip.body)
    message = messages.one(conn, slip.notice.message)
    return words(
        conn,
        message.model_copy(update={"on": on}) if message.state == "draft" else message,
        settings,
    )


def _notice(ledger: Ledger, notice: str) -> Notice:
    with ledger.read() as conn:
        return notices.one(conn, notice)


def _new_slip(deed: OpenDeed, ledger: Ledger, draft: Notice) -> slips.Slip:
    on, conn = deed.act.on, deed.tx.conn
    serial = slips.next_serial(conn, deed.duty.plan, on.year)
    number = deed.edition.plan.slip_number(on.year, serial)
    message = messages.one(conn, draft.message).model_copy(update={"on": on})
    text = words(conn, message, ledger.settings, number=number)
    return slips.Slip(
        message=message.id,
        duty=deed.duty.key,
        plan=deed.duty.plan,
        year=on.year,
        serial=serial,
        number=number,
        released_on=on,
        released_by=deed.act.user,
        subject=text.subject,
        body=text.body,
    )


def _copied(deed: OpenDeed, draft: Notice) -> dict[Addressee, str]:
    """Return the roles that the slip is copied to, as the ladder of the duty says."""
    rung = rung_of(deed.edition.ladders[deed.duty.ladder], draft.rung)
    return copied(deed.duty, rung, deed.edition.plan.office)


def _changes(deed: OpenDeed, draft: Notice, values: dict[str, Any]) -> list[Change]:
    """Return the changes of the draft's message, and of those to other positions and channels."""
    state = messages.one(deed.tx.conn, draft.message).state
    if state != "draft":
        raise ConflictError("message-state", notice=draft.id, state=state, wanted="draft")
    of_slip = notices.of_slip(deed.tx.conn, draft)
    waiting = [notice.message for notice in of_slip if notice.state == "draft"]
    return [Change("messages", message, values, expected={"state": "draft"}) for message in waiting]
