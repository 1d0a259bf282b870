"""`duban plan draft`: draft of a plan, with open questions, from an official document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from catalog.errors import NotFoundError
from catalog.plans.load import load_plan, plan_names
from catalog.reading.settling.plan_toml import draft_toml, note_line, reading_toml
from catalog.reading.settling.scoring import score_draft
from catalog.reading.settling.unregistered import register_to_check, unregistered
from catalog.reading.who.register import Register, load_register
from catalog.wording import COMMAND_LANGUAGE, say
from desk.commands.options import Json
from desk.commands.output import hint, progress, put_json, put_line, put_table
from tasks.clock import now_utc
from tasks.documents import reading

if TYPE_CHECKING:
    from catalog.reading.draft import Draft
    from catalog.reading.settling.scoring import Score

# A plan's register serves a document that names at least half of its agencies, and of whose names
# at most 5 % are missing from it.
_LEAST_SHARE, _MOST_MISSING = 0.5, 0.05
_SHOWN = 5  # unregistered names in a hint

Against = Annotated[str | None, Parameter(help="Compare the draft with this plan instead.")]


def draft(
    file: Path,
    *,
    agencies: str | None = None,
    out: Path | None = None,
    code: str | None = None,
    against: Against = None,
    as_json: Json = False,
) -> int:
    """Draft a plan from FILE: print it, or write it to --out.

    FILE is a document (.txt, .docx, .pdf with text, .html) or a tracker (.xlsx, .xls, .ods, .csv).

    --agencies is a plan or a file with agencies and groups; the draft names no others. Without
    it, a plan of the catalogue with the document's names serves, else every name is a question.
    Unregistered names are written beside --out, as a register to check. Ends with 6 while
    questions are open; they are at the end of the draft.
    """
    source, code = Source(str(file), reading.read(file)), code or _code(file)
    register = agencies or against
    if register:
        read = _read(source, load_register(register), code)
    else:
        read = _with_catalogue(source, code)
    if against:
        return _put_scores(score_draft(read, load_plan(against)), as_json=as_json)
    if as_json:
        put_json(_document(read))
    elif out is None:
        put_line(draft_toml(read))
    if out is not None:
        write(out, draft_toml(read))
        hint(f"{out}: {_counts(read)}")
    if read.notes:
        hint(f"guesses, at the end of the draft: {len(read.notes)}")
    _tell_unregistered(read, out)
    return 6 if read.questions else 0


class Source(NamedTuple):
    """The text of a document, and the name of its file."""

    name: str
    text: str


def _read(source: Source, register: Register, code: str) -> Draft:
    with progress() as bars:
        bars.add_task(source.name, total=None)
        on = now_utc().date()
        return reading.draft(source.text, register, name=source.name, code=code, on=on)


def _with_catalogue(source: Source, code: str) -> Draft:
    """Read with the agencies of a plan that has nearly all of the document's names, else none."""
    bare = _read(source, Register(agencies=()), code)
    text = bare.paper.text
    registers = {name: load_register(name) for name in plan_names()}
    best = max(registers, key=lambda name: registers[name].share_in(text))
    if registers[best].share_in(text) >= _LEAST_SHARE:
        read = _read(source, registers[best], code)
        if len(unregistered(read)) <= len(unregistered(bare)) * _MOST_MISSING:
            hint(f"the agencies are those of {best}; name others with --agencies")
            return read
    hint("no agencies are known; name a plan or a file that has them with --agencies")
    return bare


def _tell_unregistered(read: Draft, out: Path | None) -> None:
    """Print a hint about the unregistered names, and write them beside the draft to check."""
    names = unregistered(read)
    if not names:
        return
    first = ", ".join(f"{each.name} ({each.times})" for each in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    hint(f"in no register, each a question: {first}{more}")
    if out is None:
        hint("--out writes them as a register to check, for --agencies")
        return
    beside = out.with_suffix(".agencies.toml")
    write(beside, register_to_check(read, names))
    hint(f"{beside}: check these names, then draft again with --agencies {beside}")


def _code(file: Path) -> str:
    """Return a plan's code from the file's name."""
    name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:60].strip("-")
    return name or "draft"


def write(out: Path, text: str) -> None:
    """Write a plan's file; NotFoundError when it cannot be written."""
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotFoundError("file-unwritable", file=out, problem=error.strerror) from error


def _counts(read: Draft) -> str:
    shapes = [p.shape for m in read.measures for p in m.proposals]
    counts = (
        ("measures", len(read.measures)),
        ("obligations", shapes.count("obligation")),
        ("targets", shapes.count("target")),
        ("questions", len(read.questions)),
    )
    return ", ".join(f"{count} {what}" for what, count in counts)


def _document(read: Draft) -> dict[str, Any]:
    """Return the draft as a JSON document."""
    return {
        **read.head,
        "measures": [
            {
                "number": m.number,
                "title": m.title,
                "lead": m.lead,
                "participants": list(m.participants),
                "proposals": [
                    {"id": p.id, "shape": p.shape, "says": read.quote(p.says), **p.fields}
                    for p in m.proposals
                ],
            }
            for m in read.measures
        ],
        "read": [note_line(note, COMMAND_LANGUAGE) for note in read.notes],
        "unregistered": [each._asdict() for each in unregistered(read)],
        "questions": [
            {
                "id": ask.id,
                "about": ask.about,
                "line": read.line(ask.span),
                "phrase": read.quote(ask.span),
                "text": say(COMMAND_LANGUAGE, f"question.{ask.key}"),
                "readings": [reading_toml(reading) for reading in ask.readings],
            }
            for ask in read.questions
        ],
    }


def _put_scores(scores: tuple[Score, ...], *, as_json: bool) -> int:
    if as_json:
        rows = [{**s._asdict(), "precision": s.precision, "recall": s.recall} for s in scores]
        put_json(rows)
        return 0
    columns = ("what", "wanted", "right", "asked", "settled", "precision", "recall")
    lines = [
        (s.what, s.wanted, s.right, s.asked, s.settled, f"{s.precision:.1%}", f"{s.recall:.1%}")
        for s in scores
    ]
    put_table("", columns, lines)
    for score in scores:
        for line in score.wrong:
            put_line(f"{score.what}, not in the plan: {line}")
        for line in score.missed:
            put_line(f"{score.what}, missed: {line}")
    return 0
