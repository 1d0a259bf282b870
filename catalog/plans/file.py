"""A plan's file: its tables, and the line of each key."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError, NotFoundError
from catalog.plans.rules import At, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

LARGEST = 2_000_000  # bytes; the 45 measures of a real plan take 50,000

# A table of the file and the field it fills.
FIELDS = {
    "agency": "agencies",
    "group": "groups",
    "measure": "measures",
    "obligation": "obligations",
    "target": "targets",
    "aside": "asides",
    "rung": "rungs",
    "indicator": "indicators",
}
TABLES = {field: table for table, field in FIELDS.items()}

# Parts of one key joined by dots: tomllib takes the square of their number in time.
_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+(?:\.[\w-]+)*)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class PlanFile:
    """A plan's file: its `name` for messages, its tables, and the line of each key."""

    name: str
    tables: dict[str, Any]
    lines: dict[At, int]

    def fields(self) -> dict[str, Any]:
        """Return the fields of a `Plan`: groups spelled out, obligation ids in full.

        InvalidError for a table under its field's name (`measures` for `measure`), and for open
        questions of a draft.
        """
        if open_ := self.tables.get("questions"):
            first = open_[0].get("phrase") if isinstance(open_, list) else ""
            place = self._place(("questions", 0))
            raise InvalidError("plan-questions-open", place=place, count=len(open_), phrase=first)
        shaped: dict[str, Any] = self._shaped((), self.tables)
        if "rungs" in shaped:
            shaped["ladder"] = {"rungs": shaped.pop("rungs")}
        groups = {g.get("id"): g.get("members") for g in _tables(shaped.get("groups"))}
        for measure in _tables(shaped.get("measures")):
            _spell_out(measure, groups)
        return shaped

    def refusal(self, error: ValidationError) -> InvalidError:
        """Return the first fault in the order of the file, misspelt keys before others."""
        faults = [fault for details in _innermost(error) for fault in _faults(details)]
        key, at, values = min(faults, key=lambda f: (f.key != "plan-key-unknown", self._line(f.at)))
        return InvalidError(key, place=self._place(at), **values)

    def _shaped(self, at: At, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(self._shaped((*at, i), v) for i, v in enumerate(value))
        if not isinstance(value, dict):
            return value
        for key in value.keys() & {*TABLES, "ladder"}:
            raise InvalidError("plan-key-unknown", place=self._place((*at, key)), name=key)
        return {_field(k, v): self._shaped((*at, k), v) for k, v in value.items()}

    def _line(self, at: At) -> int:
        prefixes = (at[:n] for n in range(len(at), -1, -1))
        return next((self.lines[p] for p in prefixes if p in self.lines), 1)

    def _place(self, at: At) -> str:
        return f"{self.name}:{self._line(at)}"


def read(path: Path) -> PlanFile:
    """Read a plan's file; InvalidError with its line for bad TOML, size or encoding."""
    try:
        size = path.stat().st_size
        return parse(b"" if size > LARGEST else path.read_bytes(), str(path), size=size)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=str(path), problem=error.strerror) from error


def parse(content: bytes, name: str, *, size: int = 0, largest: int = LARGEST) -> PlanFile:
    """Return a plan's file from its bytes; faults call it `name`.

    `size` is that of the file where `content` is only a part of it, `largest` the limit, in bytes.
    """
    size = max(size, len(content))
    if size > largest:
        raise InvalidError("plan-too-large", place=f"{name}:1", size=size, largest=largest)
    source = _text(content, name)
    if deep := _DEEP.search(source):
        line = source.count("\n", 0, deep.start()) + 1
        raise InvalidError("plan-syntax", place=f"{name}:{line}", problem="a key of too many parts")
    try:
        tables = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        match = _AT_LINE.search(str(error))
        line = int(match[1]) if match else source.count("\n") + 1
        problem = _AT_LINE.sub("", str(error)).strip()
        raise InvalidError("plan-syntax", place=f"{name}:{line}", problem=problem) from error
    return PlanFile(name, tables, _lines(source))


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidError("plan-not-utf8", place=f"{name}:{line}") from error


def _lines(source: str) -> dict[At, int]:
    """Return the line of each table header and each key, which tomllib does not give."""
    lines: dict[At, int] = {(): 1}
    last: dict[At, int] = {}
    table: At = ()
    quoted = False
    for number, line in enumerate(source.split("\n"), 1):
        if not quoted and (header := _HEADER.match(line)):
            table = _table_path(header[2], last, repeats=header[1] == "[[")
            lines.setdefault(table, number)
            lines.setdefault(table[:-1], number)
        elif not quoted and (key := _KEY.match(line)):
            lines.setdefault((*table, *key[1].split(".")), number)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return lines


def _table_path(header: str, last: dict[At, int], *, repeats: bool) -> At:
    """Return the path of a header's table, the last one of each list on it."""
    *outer, name = (part.strip() for part in header.split("."))
    at: At = ()
    for part in outer:
        at = (*at, part)
        at = (*at, last[at]) if at in last else at
    at = (*at, name)
    if repeats:
        last[at] = last.get(at, -1) + 1
        at = (*at, last[at])
    return at


def _field(key: str, value: Any) -> str:
    """Return the field of a key: a text is no table, such as what a target's `indicator` says."""
    return key if isinstance(value, str) else FIELDS.get(key, key)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, tuple) else []


def _spell_out(measure: dict[str, Any], groups: dict[Any, Any]) -> None:
    if "participants" in measure:
        measure["participants"] = _members(measure["participants"], groups)
    for obligation in _tables(measure.get("obligations")):
        if "parties" in obligation:
            obligation["parties"] = _members(obligation["parties"], groups)
        if "id" in obligation:
            obligation["id"] = f"{measure.get('number')}.{obligation['id']}"
        if isinstance(after := obligation.get("after"), tuple):
            obligation["after"] = tuple(_in_full(name, measure) for name in after)
    for target in _tables(measure.get("targets")):
        if "parties" in target:
            target["parties"] = _members(target["parties"], groups)


def _in_full(name: Any, measure: dict[str, Any]) -> Any:
    """Return the full id of an obligation; one of the same measure may be without the number."""
    alone = isinstance(name, str) and "." not in name
    return f"{measure.get('number')}.{name}" if alone else name


def _members(names: Any, groups: dict[Any, Any]) -> Any:
    """Return the single agencies behind names of agencies and groups, each once."""
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
        return names
    members = (groups.get(name) or (name,) for name in names)
    return tuple(dict.fromkeys(itertools.chain.from_iterable(members)))


def _innermost(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without those of a list that only lacks its invalid items."""
    details = error.errors()
    outer = {d["loc"][:n] for d in details for n in range(len(d["loc"]))}
    return [d for d in details if d["loc"] not in outer]


def _faults(details: ErrorDetails) -> list[Fault]:
    """Return an error of pydantic as faults with our keys, at paths of the file."""
    at, kind = details["loc"], details["type"]
    name = str(next((part for part in reversed(at) if isinstance(part, str)), ""))
    if kind == "plan-faults":
        return [fault._replace(at=_at(fault.at)) for fault in details["ctx"]["faults"]]
    if kind == "extra_forbidden":
        return [Fault("plan-key-unknown", _at(at), {"name": name})]
    if kind == "missing":
        return [Fault("plan-key-missing", _at(at), {"name": TABLES.get(name, name)})]
    if kind.startswith("plan-"):
        return [Fault(kind, _at(at), {})]
    if kind == "string_pattern_mismatch" and name == "id":
        text = details["input"]
        text = text.partition(".")[2] if "obligations" in at else text  # as `_spell_out` made it
        return [Fault("plan-id", _at(at), {"text": text})]
    problem = details["msg"]
    return [Fault("plan-value", _at(at), {"name": TABLES.get(name, name), "problem": problem})]


def _at(fields: At) -> At:
    return tuple(TABLES.get(str(part), part) for part in fields if part != "ladder")
