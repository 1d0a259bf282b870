"""Drafts as TOML: a plan's file with the open questions at its end, and the plan itself."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from catalog.plans import file
from catalog.plans.load import plan_of
from catalog.wording import DEFAULT_LANGUAGE, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.plans.model import Plan
    from catalog.reading.draft import Draft, DraftMeasure, Note, Proposal
    from catalog.reading.span import Ask

_TABLES = ("agency", "group", "indicator", "measure", "questions")
_NESTED = ("obligation", "target", "aside")


def plan(draft: Draft) -> Plan:
    """Return the plan of a draft; InvalidError for open questions or the first fault."""
    tables = tomllib.loads(draft_toml(draft))
    return plan_of(file.PlanFile(str(draft.head.get("plan", "")), tables, {(): 1}))


def draft_toml(draft: Draft, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the draft as a plan's file; `plan check` takes it when no question is left in it."""
    tables = [
        _table("", draft.head),
        *(_table("[[agency]]", _fields(a)) for a in draft.register.agencies),
        *(_table("[[group]]", _fields(g)) for g in draft.register.groups),
        *(table for measure in draft.measures for table in _measure(draft, measure)),
        *(_table("[[questions]]", _question(draft, ask, language)) for ask in draft.questions),
        *(f"# {note_line(note, language)}\n" for note in draft.notes),
    ]
    return "\n".join(tables)


def tables_toml(tables: Mapping[str, Any]) -> str:
    """Return the tables of a plan's file as TOML."""
    head = {key: value for key, value in tables.items() if key not in _TABLES}
    parts = [_table("", head)]
    for name in _TABLES:
        for table in tables.get(name, ()):
            inner = {key: table[key] for key in _NESTED if key in table}
            parts.append(_table(f"[[{name}]]", {k: v for k, v in table.items() if k not in inner}))
            parts += [_table(f"[[{name}.{k}]]", row) for k, rows in inner.items() for row in rows]
    return "\n".join(parts)


def note_line(note: Note, language: str) -> str:
    """Return how words were read, on one line."""
    words = " ".join(note.text.split())
    return f"{note.place} {words}: {say(language, note.key, reading=note.reading)}"


def _fields(value: Any) -> dict[str, Any]:
    fields: dict[str, Any] = value.model_dump(exclude_defaults=True)
    return fields


def _measure(draft: Draft, measure: DraftMeasure) -> Iterator[str]:
    fields = {
        "number": measure.number,
        "chapter": measure.chapter,
        "section": measure.section,
        "title": measure.title,
        "lead": measure.lead,
        "participants": measure.participants,
    }
    yield _table("[[measure]]", fields)
    for proposal in measure.proposals:
        yield _table(f"[[measure.{proposal.shape}]]", _proposal(draft, proposal))


def _proposal(draft: Draft, proposal: Proposal) -> dict[str, Any]:
    fields = dict(proposal.fields)
    if "parties" in fields:
        fields["parties"] = _group(draft, tuple(fields["parties"]))
    if proposal.shape == "aside":
        return {"says": draft.quote(proposal.says), **fields}
    local = proposal.id.partition(".")[2]
    also = tuple(draft.quote(span) for span in proposal.also)
    return {"id": local, **fields, "says": draft.quote(proposal.says), "also": also}


def _group(draft: Draft, parties: tuple[str, ...]) -> str | tuple[str, ...]:
    """Return the group that has just these members, by its id, or the members."""
    return next((g.id for g in draft.register.groups if g.members == parties), parties)


def _question(draft: Draft, ask: Ask, language: str) -> dict[str, Any]:
    return {
        "id": ask.id,
        "about": ask.about,
        "line": draft.line(ask.span),
        "phrase": draft.quote(ask.span),
        "text": say(language, f"question.{ask.key}"),
        "readings": tuple(map(reading_toml, ask.readings)),
    }


def reading_toml(reading: Mapping[str, Any]) -> str:
    """Return a reading as fields of a plan's file, on one line."""
    lines = (f"{key} = {_value(value)}" for key, value in reading.items() if value is not None)
    return ", ".join(lines)


def _table(header: str, fields: Mapping[str, Any]) -> str:
    lines = [header] if header else []
    lines += [f"{k} = {_value(v)}" for k, v in fields.items() if v is not None and v != ()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False)
