"""Names of a document that no register has, and a register to check with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.settling.plan_toml import tables_toml

if TYPE_CHECKING:
    from catalog.reading.draft import Draft

_QUESTIONS = ("agency-unknown", "lead-unknown")
_SEVERAL = re.compile("各|全[省市县区]|有关|相关")
_PLACE = re.compile("(?:[市县区州旗盟镇乡]|政府|街道(?:办事处)?|公所)$")
_LONGEST = 60  # characters of a name

# Blanks of a broken line beside Chinese signs; names in Latin letters keep theirs.
_BLANKS = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


class Name(NamedTuple):
    """A name of no register: how often a document has it, and the line of its first place."""

    name: str
    times: int
    line: int


def unregistered(draft: Draft) -> tuple[Name, ...]:
    """Return the names that are asked about, each once, in the order of the document."""
    names: dict[str, Name] = {}
    for ask in draft.questions:
        if ask.key in _QUESTIONS:
            name = _BLANKS.sub("", " ".join(draft.quote(ask.span).split()))
            entry = names.get(fold(name), Name(name, 0, draft.line(ask.span)))
            names[fold(name)] = entry._replace(times=entry.times + 1)
    return tuple(names.values())


def register_to_check(draft: Draft, names: tuple[Name, ...]) -> str:
    """Return the draft's register with those names added, as a file that a person checks.

    No agency comes from it until somebody reads with it as the register. A name that stands for
    several bodies is a comment only: the document does not say who they are.
    """
    register = draft.register
    tables = {
        "office": register.office,
        "agency": [a.model_dump(exclude_defaults=True) for a in register.agencies],
        "group": [g.model_dump(exclude_defaults=True) for g in register.groups],
    }
    agencies = {agency.id for agency in register.agencies}
    candidates = (f"new-{n}" for n in range(1, len(agencies) + len(names) + 1))
    ids = (each for each in candidates if each not in agencies)
    entries = "\n".join(_entry(name, next(ids)) for name in names)
    present = {key: value for key, value in tables.items() if value}
    return f"{_HEAD}\n{tables_toml(present).lstrip()}{entries}"


_HEAD = """\
# The bodies a document names. Those called new-… are in no register yet: give each its id, name
# and kind, move another spelling of one to its aliases, and take out what is no agency. Then
# draft the document again with this file as --agencies.
"""


def _entry(name: Name, agency: str) -> str:
    remark = f"# line {name.line}" + (f", {name.times} times in all" if name.times > 1 else "")
    if _SEVERAL.match(fold(name.name)) or len(name.name) > _LONGEST:
        return (
            f"{remark}: {name.name[:_LONGEST]}, a [[group]] with its members, or no body at all\n"
        )
    kind = "city" if _PLACE.search(fold(name.name)) else "department"
    entry = {"id": agency, "name": name.name, "kind": kind}
    return f"{remark}\n{tables_toml({'agency': [entry]}).lstrip()}"
