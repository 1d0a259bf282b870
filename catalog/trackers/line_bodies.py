"""Lead and participants of a line, with those that nobody knows asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.trackers.bodies import Bodies, bodies
from catalog.trackers.cells import Words
from catalog.trackers.doubt import Doubt, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Table

    from catalog.reading.who.register import Register
    from catalog.trackers.bodies import Body
    from catalog.trackers.cells import Cells
    from catalog.trackers.columns import Role


class Assigning:
    """Finds the agencies of a tracker's cells in a register."""

    def __init__(self, cells: Cells, register: Register) -> None:
        self.cells, self.register = cells, register
        self.names = {agency.id: agency.name for agency in register.agencies}
        self._above = ""  # the words of the lead above

    def assign(self, row: Table[Role, Words], here: str) -> tuple[str | None, tuple[str, ...]]:
        """Return the lead and the participants of a row, whose title stands at `here`."""
        words = row.get("lead") or self._by_person(row) or Words("", here)
        bodies_of_lead = self._named(words, "lead")
        firsts, more = (
            (bodies_of_lead.leads, bodies_of_lead.others)
            if bodies_of_lead.leads
            else (bodies_of_lead.others, ())
        )
        helpers = row.get("participants")
        others_of_cell = self._named(helpers, "participants") if helpers else Bodies()
        lead = self._lead(firsts or others_of_cell.leads, words)
        agencies = self._agencies([*firsts[1:], *more, *bodies_of_lead.helpers], words, "lead")
        if helpers:
            others = (*others_of_cell.leads, *others_of_cell.others, *others_of_cell.helpers)
            agencies += self._agencies(others, helpers, "participants")
        self._above = words.text or self._above
        return lead, tuple(dict.fromkeys(agency for agency in agencies if agency != lead))

    def _by_person(self, row: Table[Role, Words]) -> Words | None:
        """Return the bodies that a column of persons names, where no other column names any."""
        words = row.get("person")
        if words is None:
            return None
        known = [body.text for body in bodies(words.text, self.register).others if body.agencies]
        return words._replace(text="、".join(known)) if known else None

    def _named(self, words: Words, role: Role) -> Bodies:
        named = bodies(words.text, self.register)
        for person in named.persons:
            self.cells.remarks.append(Remark(words.place, role, "person", person))
        for end in named.open_ends:
            self.cells.ask(Doubt(words.place, role, "list-open", end, ("",)))
        return named

    def _lead(self, firsts: tuple[Body, ...], words: Words) -> str | None:
        """Return the first body as the lead; where it is none or several, ask."""
        firsts = firsts or self._typed_lead(words)
        agencies = self._agencies(firsts[:1], words, "lead")
        if len(agencies) > 1:
            names = tuple(self.names[agency] for agency in agencies)
            doubt = Doubt(words.place, "lead", "lead-group", firsts[0].text, names)
            agencies = self._answered(self.cells.ask(doubt))
        elif agencies and any(body.agencies[:1] != firsts[0].agencies[:1] for body in firsts[1:]):
            self.cells.remark(words, "lead", "lead-first", self.names[agencies[0]])
        return agencies[0] if agencies else None

    def _typed_lead(self, words: Words) -> tuple[Body, ...]:
        """Return the lead that a person types where a cell names none."""
        if any(d.place == words.place and d.role == "lead" for d in self.cells.doubts):
            return ()  # asked already: a formula, or a list left open
        readings = (self._above,) if self._above else ()
        answer = self.cells.ask(Doubt(words.place, "lead", "lead-missing", "", readings))
        return bodies(self.names.get(answer, answer), self.register).others if answer else ()

    def _agencies(self, named: Iterable[Body], words: Words, role: Role) -> list[str]:
        """Return the agencies of bodies, asking for each that is in no register."""
        agencies: list[str] = []
        for body in named:
            similar = tuple(self.names[agency] for agency in body.similar)
            doubt = Doubt(words.place, role, "agency-unknown", body.text, similar)
            agencies += body.agencies or self._answered(self.cells.ask(doubt))
        return agencies

    def _answered(self, answer: str | None) -> list[str]:
        """Return the agencies of an answer: an id, or names of the register."""
        if not answer or answer in self.names:
            return [answer] if answer else []
        return [a for body in bodies(answer, self.register).others for a in body.agencies]
