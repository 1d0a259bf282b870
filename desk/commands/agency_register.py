"""`duban agency add` and `import`: agencies registered one by one, or by a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from catalog.errors import NotFoundError
from catalog.plans.contents import AgencyKind
from desk.commands.options import Actor, DryRun, Json, local_user, open_ledger
from desk.commands.output import hint, put_json, put_line, put_outcome
from ledger.post import contacts
from tasks.agencies.columns import kind_by_name
from tasks.agencies.list_of_agencies import compare, read, table_of, take
from tasks.agencies.names import registered
from tasks.agencies.registering import Newcomer, register, several_names
from tasks.clock import now_utc

if TYPE_CHECKING:
    from tasks.agencies.list_of_agencies import Row


def add(
    name: str,
    *,
    agency: Annotated[
        str, Parameter(name="--id", help="Its id, for good; made from NAME where left out.")
    ] = "",
    aliases: Annotated[str, Parameter(help="Other names it goes by: A,B.")] = "",
    kind: Annotated[
        AgencyKind | None, Parameter(help="By its name where left out: city or department.")
    ] = None,
    host: Annotated[str | None, Parameter(help="The agency whose unit it is, by its id.")] = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Register the agency NAME; names that are like its name are listed on stderr."""
    newcomer = Newcomer(name, agency, kind or kind_by_name(name), several_names(aliases), host)
    with open_ledger(dry_run=dry_run) as ledger:
        with ledger.read() as conn:
            known = registered(conn)
        for other in known.similar(name):
            hint(f"{name}: similar to {next(a.name for a in known.agencies if a.id == other)}")
        (agency,) = register(ledger, [newcomer], at=now_utc(), actor=actor or local_user())
        with ledger.read() as conn:
            body = contacts.agencies(conn)[agency]
    document = {name: getattr(body, name) for name in ("id", "name", "kind", "host", "aliases")}
    put_outcome(document, f"{agency}: {body.name}", dry_run=dry_run, as_json=as_json)


def take_list(
    file: Path, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> int:
    """Register the agencies and contacts of a list, all or none: .xlsx, .ods, .csv, or text.

    Ends with 4 where a row is refused; each row is one line.
    """
    try:
        with file.open("rb") as content:
            lines = read(table_of(content, name=file.name))
    except OSError as error:
        raise NotFoundError("file-unknown", file=file) from error
    with open_ledger() as ledger:
        carry_out = compare if dry_run else take
        rows = carry_out(ledger, lines, at=now_utc(), actor=actor or local_user())
    if as_json:
        put_json([_row_document(row) for row in rows])
    else:
        for row in rows:
            put_line(f"{row.line.row} {row.effect} {row.agency} {row.line.name}".rstrip())
            if row.error:
                hint(str(row.error))
    return 4 if any(row.error for row in rows) else 0


def _row_document(row: Row) -> dict[str, object]:
    texts = {k: v for k, v in row.line._asdict().items() if k != "cells"}
    error = str(row.error) if row.error else None
    return {
        **texts,
        "agency": row.agency,
        "effect": row.effect,
        "similar": list(row.similar),
        "error": error,
    }
