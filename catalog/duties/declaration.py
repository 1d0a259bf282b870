"""Declaration of a deed: its fields, and who does it on which standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from catalog.duties.standing import Status
    from catalog.role_names import Role

FieldKind = Literal[
    "area", "text", "date", "time", "agency", "agencies", "choice", "flag", "figure", "hidden"
]


class Field(NamedTuple):
    """One field of a deed.

    An `area` is a text of several lines, an `agency` is one of those registered and `agencies` are
    several, a `figure` and a `time` are read by the deed itself, a `choice` is one of `choices`, a
    `flag` is true or left out, and a `hidden` one is a number that the page fills in. A field that
    stands at `today` may be left out everywhere but in the form. The form asks for one `of` a
    meeting, or of other work, for such a duty alone, and for neither where there is a quota.
    """

    name: str
    kind: FieldKind = "area"
    required: bool = True
    today: bool = False
    of: Literal["any", "meeting", "work"] = "any"
    choices: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        """True where a rule (`needs-<field>`) refuses the deed without it."""
        return self.required and not self.today and self.kind not in {"figure", "hidden"}


class Deed(NamedTuple):
    """One deed: who does it, on which standing, with which fields, and how it is called.

    `entry` is its name in the history. `rules` are further conditions, by the name in
    `catalog.duties.refusal.RULES` of the rule that refuses. A deed that `takes_files` takes
    evidence; what is typed into the form of a `drafted` one is kept until it is sent. `tells` is
    what the notice of it asks of its recipients, None where it is named otherwise or there is none.
    `page` is false for a deed that has a page of its own. `speaks` marks a word on how far the work
    has come. A `relayed` one the office may record as reported to it by the agency.

    `command` is its command, empty where it has none of its own. Deeds that share one name the
    option that chooses them: `close --not-done`. `help` describes the command, beside the deed
    that needs no such option.
    """

    entry: str
    who: frozenset[Role]
    on: frozenset[Status]
    fields: tuple[Field, ...] = ()
    rules: tuple[str, ...] = ()
    takes_files: bool = False
    drafted: bool = False
    tells: Literal["act", "decide", "know"] | None = None
    page: bool = True
    speaks: bool = False
    relayed: bool = False
    command: str = ""
    help: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields without which a rule refuses it."""
        return tuple(field.name for field in self.fields if field.needed)

    def asks(self, kind: str, *, counted: bool) -> tuple[Field, ...]:
        """Return the fields of its form for a duty of that kind, `counted` where it has a quota."""
        work = "" if counted else "meeting" if kind == "meeting" else "work"
        return tuple(field for field in self.fields if field.of in {"any", work})
