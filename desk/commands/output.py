"""How the command line speaks: results on stdout, hints on stderr, errors in one line."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from catalog.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import Progress


UNBOUNDED = 10_000  # columns


def console(*, stderr: bool = False) -> Console:
    """Return rich's console; it drops colour off a terminal and honours NO_COLOR by itself."""
    from rich.console import Console  # noqa: PLC0415  keeps --help quick

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else UNBOUNDED  # a pipe has no edge to break lines at
    return Console(stderr=stderr, highlight=False, width=width)


def put_json(document: Any) -> None:
    """Print `document` as UTF-8 JSON on stdout; dates become ISO text, the same bytes each time."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def put_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print `rows` under `columns` for a person; nothing of it is meant to be parsed."""
    from rich.table import Table  # noqa: PLC0415  keeps --help quick
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(table)


def put_line(text: str) -> None:
    """Print one line of result on stdout."""
    sys.stdout.write(f"{text}\n")


def hint(text: str) -> None:
    """Print one line for the person at the keyboard on stderr."""
    sys.stderr.write(f"{text}\n")


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """Give a file that becomes `out` when all is written; until then what was there stays."""
    try:
        file = tempfile.NamedTemporaryFile(dir=out.parent, delete=False)  # noqa: SIM115
    except OSError as error:
        raise NotFoundError("file-unwritable", file=out, problem=error.strerror) from error
    draft = Path(file.name)
    try:
        with file:
            yield file
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def progress() -> Progress:
    """Return a progress display on stderr that is silent when stderr is no terminal."""
    from rich import progress as bars  # noqa: PLC0415  keeps --help quick

    return bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
