"""Parts of speech of letters: days, counts, agencies, contact persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.clean import one_line
from catalog.wording import say, say_count, spell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.letters.line import DutyLine, Office

NAMED = 8  # agencies that a letter names; the others are counted


@dataclass(frozen=True, slots=True)
class Speech:
    """The language of one letter, and the day it leaves."""

    language: str
    on: date

    def say(self, key: str, /, **values: object) -> str:
        """Return the text `key` with its values."""
        return say(self.language, key, **values)

    def count(self, noun: str, number: int) -> str:
        """Return a number of things."""
        return say_count(self.language, f"count.{noun}", number)

    def day(self, day: date) -> str:
        """Return a day with its year."""
        return spell(self.language, day)

    def near(self, day: date) -> str:
        """Return a day, without its year where that is this year."""
        return spell(self.language, day, "short" if day.year == self.on.year else "full")

    def due(self, key: str, day: date, **values: object) -> str:
        """Return the text `key` about a due date: past, today, or still to come."""
        tense = "late" if day < self.on else "today" if day == self.on else "left"
        days = self.count("day", abs((day - self.on).days))
        return self.say(f"{key}-{tense}", due=self.day(day), days=days, **values)

    def names(self, agencies: Sequence[str]) -> str:
        """Return the names of agencies, of many the first ones and their number."""
        text = self.say("notice.comma").join(map(one_line, agencies[:NAMED]))
        if not agencies[NAMED:]:
            return text
        return self.say("notice.and-others", names=text, n=len(agencies))

    def performers(self, line: DutyLine) -> str:
        """Return who performs the duties of a line."""
        return self.names(line.performers or (line.performer,))

    def period(self, label: str) -> str:
        """Return the name of a quarter, or the label of another period."""
        year, _, quarter = label.partition("-Q")
        return self.say("date.quarter", year=year, n=quarter) if quarter else label

    def person(self, office: Office) -> str:
        """Return the contact person with their telephone number, "" where neither is known."""
        if office.person and office.telephone:
            person, telephone = one_line(office.person), one_line(office.telephone)
            return self.say("notice.telephone", person=person, telephone=telephone)
        return one_line(office.person or office.telephone)

    def contact(self, office: Office) -> str:
        """Return the office with its contact person, or its name alone."""
        name, person = one_line(office.name), self.person(office)
        return self.say("notice.contact", office=name, person=person) if person else name
