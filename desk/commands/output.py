"""Output of commands: results on stdout, hints and progress on stderr."""

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


UNBOUNDED = 10_000  # columns: a pipe has no edge to break lines at


def console(*, stderr: bool = False) -> Console:
    """Return rich's console; without a terminal it drops colour and never breaks a line."""
    from rich.console import Console  # noqa: PLC0415  keeps --help quick

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else UNBOUNDED
    return Console(stderr=stderr, highlight=False, width=width)


def put_json(document: Any) -> None:
    """Print `document` as UTF-8 JSON on stdout, with dates as ISO text."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def put_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print `rows` under `columns` for a person; scripts use JSON."""
    from rich.table import Table  # noqa: PLC0415  keeps --help quick
    from rich.text import Text  # noqa: PLC0415  keeps --help quick

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(table)


def put_line(text: str) -> None:
    """Print one line of result on stdout."""
    sys.stdout.write(f"{text}\n")


def put_outcome(document: dict[str, Any], line: str, *, dry_run: bool, as_json: bool) -> None:
    """Print the outcome of a deed, as JSON or as one line, and mark that of a dry run."""
    if as_json:
        put_json({**document, "dry_run": dry_run})
    else:
        put_line(f"would be: {line}" if dry_run else line)


def hint(text: str) -> None:
    """Print one line for the person at the keyboard on stderr."""
    sys.stderr.write(f"{text}\n")


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """Yield a file that becomes `out` when all is written; an existing file stays until then."""
    try:
        file = tempfile.NamedTemporaryFile(dir=out.parent, delete=False)  # noqa: SIM115  closed below
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
    """Return a progress display on stderr, silent when stderr is no terminal."""
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
