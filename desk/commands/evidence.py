"""`duban evidence`: the files that prove what was done for a duty, listed or copied out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catalog.errors import ConflictError
from desk.commands.options import Json, open_ledger
from desk.commands.output import put_json, put_line, put_table
from ledger.duties import duties, life

if TYPE_CHECKING:
    from ledger.duties.life import Evidence
    from ledger.proof.evidence import Store

COLUMNS = ("kind", "name", "media_type", "size", "sha256", "file")

Out = Annotated[Path | None, Parameter(help="Copy them to DIR, which is made where it is not.")]


def evidence(key: str, *, out: Out = None, as_json: Json = False) -> None:
    """List the evidence of the duty KEY; with --out DIR copy it there, each file by its name.

    A file that is no longer what was handed in is not given out.
    """
    with open_ledger() as ledger:
        with ledger.read() as conn:
            found = life.evidence(conn, duties.one(conn, key).key)
        listed: list[dict[str, Any]] = [row.model_dump() for row in found]
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for number, (row, document) in enumerate(zip(found, listed, strict=True), 1):
                document["file"] = str(_copied(ledger.evidence, row, out, number))
    if as_json:
        put_json(listed)
    elif listed:
        put_table("", COLUMNS, [[each.get(name) for name in COLUMNS] for each in listed])
    else:
        put_line("none")


def _copied(store: Store, row: Evidence, out: Path, number: int) -> Path:
    path = out / f"{number:02}-{row.kind}-{row.name}"
    content = store.read(row.sha256)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ConflictError("evidence-there", file=path) from None
    return path
