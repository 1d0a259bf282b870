"""`duban evidence`: the evidence of a duty, listed or copied out."""

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

Out = Annotated[Path | None, Parameter(help="Copy the files to DIR; it is created if missing.")]


def evidence(key: str, *, out: Out = None, as_json: Json = False) -> None:
    """List the evidence of the duty KEY; with --out DIR copy the files there.

    A file that differs from what was handed in is not copied.
    """
    with open_ledger() as ledger:
        with ledger.read() as conn:
            rows = life.evidence(conn, duties.one(conn, key).key)
        documents: list[dict[str, Any]] = [row.model_dump() for row in rows]
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for number, (row, document) in enumerate(zip(rows, documents, strict=True), 1):
                document["file"] = str(_copy(ledger.evidence, row, out, number))
    if as_json:
        put_json(documents)
    elif documents:
        put_table("", COLUMNS, [[each.get(name) for name in COLUMNS] for each in documents])
    else:
        put_line("none")


def _copy(store: Store, row: Evidence, out: Path, number: int) -> Path:
    path = out / f"{number:02}-{row.kind}-{row.name}"
    content = store.read(row.sha256)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ConflictError("evidence-there", file=path) from None
    return path
