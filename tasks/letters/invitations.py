"""Invitations to meetings (RFC 5546), as parts of the letter that announces them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.letters.letter_format import Attachment


def invitations(
    _conn: Connection,
    _notices: Sequence[Notice],
    _duties: Mapping[str, Duty],
    _settings: Settings,
    *,
    address: str,  # noqa: ARG001
) -> tuple[Attachment, ...]:
    """Return the invitations that a letter with these notices carries to `address`."""
    return ()
