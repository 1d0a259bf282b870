"""Evidence packs: the scope each person may have, and the summary page inside."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import NotFoundError
from catalog.wording import has, say, spell
from desk.access import visibility
from desk.proof import journal
from desk.web import rendering, words
from ledger.duties import conditions, duties, life
from ledger.people import agencies as register
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from ledger.proof import chain
from tasks import today
from tasks.proof import pack
from tasks.proof.pack import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.session import Connection, Ledger

MOST_ENTRIES = 2000  # shown on the summary; the history in the pack has them all


class Pack(NamedTuple):
    """The file name and the scope of a pack."""

    name: str
    scope: Scope


def find(conn: Connection, of: str, actor: visibility.Actor | None = None) -> Pack:
    """Return the pack of a plan, an agency (by id or name) or a duty; NotFoundError.

    An `actor` of None may have everything; a whole plan needs the right "see-audit". An agency
    gets the duties it leads or performs, not those it takes part in: entries say more than the
    page of a duty shows to participants.
    """
    plans = tuple(edition.plan for edition in editions.all_in_force(conn))
    reader = actor.agencies if actor and actor.kind == "agency" else None
    own = conditions.EVERY if reader is None else conditions.answered_by(reader)
    if of in plans and (actor is None or visibility.may(actor, "see-audit")):
        of_plan = duties.chosen(conn, conditions.of(plan=of))
        return Pack(f"{of}.zip", Scope("plan", of, (of,), _keys(of_plan)))
    agency = _agency(conn, of)
    if agency and (reader is None or agency in reader):
        part = duties.chosen(conn, conditions.answered_by([agency]))
        if part:
            codes = tuple(sorted({duty.plan for duty in part}))
            return Pack(f"{agency}.zip", Scope("agency", agency, codes, _keys(part), reader))
    duty = next(iter(duties.chosen(conn, own, conditions.of_keys([of]))), None)
    if duty is None:
        raise NotFoundError("pack-unknown", of=of)
    name = f"{of.replace('/', '_')}.zip"
    return Pack(name, Scope("duty", of, (duty.plan,), (of,), reader))


def pieces(ledger: Ledger, scope: Scope, lang: str) -> Iterator[bytes]:
    """Yield the bytes of the pack, with its summary in `lang`."""
    style = (rendering.STATIC / "pack.css").read_bytes()
    return pack.stream_pack(ledger, scope, summary=summary(ledger, scope, lang), style=style)


def summary(ledger: Ledger, scope: Scope, lang: str) -> str:
    """Return the page that lists the contents of the pack and explains what they prove."""
    with ledger.read() as conn:
        rows = duties.of(conn, scope.duties)
        zone = today.zone(conn)
        entries = (
            [] if scope.kind == "plan" else chain.about(conn, scope.duties, limit=MOST_ENTRIES)
        )
        names = register.agencies_on(conn)
        evidence = [file for key in scope.duties for file in life.evidence(conn, key)]
        return (
            rendering.environment()
            .get_template("proof/pack.html")
            .render(
                lang=lang,
                t=functools.partial(words.say_markup, lang),
                day=functools.partial(spell, lang),
                instant=lambda at: words.spell_instant(lang, at, zone),
                scope=scope,
                head=chain.head(conn),
                duties=[rows[key] for key in scope.duties],
                editions=[e for plan in scope.plans for e in editions.of(conn, plan)],
                agencies=names,
                evidence=_with_places(evidence),
                lines=journal.journal_lines(entries, users.listed(conn), names)[::-1],
                word=lambda deed: _deed_name(lang, deed),
            )
        )


def _with_places(files: list[life.Evidence]) -> list[tuple[life.Evidence, str]]:
    names = pack.names_by_digest((file.sha256, file.name) for file in files)
    return [(file, pack.place(file.sha256, names[file.sha256])) for file in files]


def _deed_name(lang: str, deed: str) -> str:
    key = f"deeds.entry.{deed}"
    return say(lang, key) if has(lang, key) else deed


def _agency(conn: Connection, name: str) -> str | None:
    agencies = contacts.agencies(conn).values()
    return next((a.id for a in agencies if name in {a.id, a.name}), None)


def _keys(rows: list[duties.Duty]) -> tuple[str, ...]:
    return tuple(duty.key for duty in rows)
