"""The agencies that a document is read with, those of the list that waits for the go among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.agencies import list_of_agencies
from tasks.agencies.names import registered
from tasks.setup.choices import choices
from tasks.setup.founding import office
from tasks.setup.going import lines_of

if TYPE_CHECKING:
    from catalog.reading.who.register import Register
    from ledger.session import Ledger
    from tasks.act import Act


def register_of(ledger: Ledger, act: Act) -> Register:
    """Return the agencies registered here, and those of the list chosen in the setting up.

    The office of the register is this one. Nothing is stored.
    """
    with ledger.read() as conn:
        lines, our_office = lines_of(choices(conn).get("agencies")), office(conn)
    with ledger.rehearsal() as trial:
        list_of_agencies.take(trial, lines, at=act.at, actor=act.user)
        with trial.read() as conn:
            register = registered(conn)
    return register.model_copy(update={"office": our_office.id if our_office else None})
