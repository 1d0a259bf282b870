"""Which names of a document no agency of the register has, and a register to begin with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.settling.written import of_tables

if TYPE_CHECKING:
    from catalog.reading.draft import Draft

_ASKED = ("agency-unknown", "lead-unknown")
_SEVERAL = re.compile("各|全[省市县区]|有关|相关")
_PLACE = re.compile("(?:[市县区州旗盟镇乡]|政府|街道(?:办事处)?|公所)$")
_LONGEST = 60  # characters of a name


class Name(NamedTuple):
    """A name of no register: how often a document gives it, and the line where it does first."""

    name: str
    times: int
    line: int


def unregistered(draft: Draft) -> tuple[Name, ...]:
    """Return the names that are asked about, each once, in the order of the document."""
    found: dict[str, Name] = {}
    for ask in draft.questions:
        if ask.key in _ASKED:
            name = "".join(draft.quote(ask.span).split())
            known = found.get(fold(name), Name(name, 0, draft.line(ask.span)))
            found[fold(name)] = known._replace(times=known.times + 1)
    return tuple(found.values())


def register_to_check(draft: Draft, names: tuple[Name, ...]) -> str:
    """Return the draft's register with those names added, as a file that a person checks.

    Nothing takes an agency from it until it is given as the register to read with. A name that
    stands for several bodies is only remarked on: who they are the document does not say.
    """
    held = draft.register
    tables = {
        "office": held.office,
        "agency": [a.model_dump(exclude_defaults=True) for a in held.agencies],
        "group": [g.model_dump(exclude_defaults=True) for g in held.groups],
    }
    known = {agency.id for agency in held.agencies}
    free = (f"new-{n}" for n in range(1, len(known) + len(names) + 1))
    ids = (each for each in free if each not in known)
    added = "\n".join(_entry(name, next(ids)) for name in names)
    told = {key: value for key, value in tables.items() if value}
    return f"{_HEAD}\n{of_tables(told).lstrip()}{added}"


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
    return f"{remark}\n{of_tables({'agency': [entry]}).lstrip()}"
