"""Slip numbers, ladder and score formula of a plan as a form, and the edition that it makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import ValidationError

from catalog.errors import DubanError, InvalidError
from catalog.ladder.rungs import Ladder, Rung
from catalog.plans.model import Plan
from catalog.plans.score_formula import Formula
from catalog.role_names import Addressee
from catalog.wording import say, say_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.datastructures import FormData

ADDRESSEES: tuple[Addressee, ...] = get_args(Addressee)
LINES = ("slip_prefix", "circular_prefix")
NUMBERS = ("burden",)
POINTS = ("on_time", "late", "undone", "performer", "lead", "objection_days")
SCORE = "score_"  # before them in the fields: an id `late` is taken by an icon of every page
APPLIES = ("new", "all")
NEW_RUNG = "new"  # in place of a rung's number, in the fields of the one that is added
FORMS = ("notice", "slip-amber", "slip-red")
MOST_DIGITS = 5
_RUNG_FIELDS = ("days", "every", "form", "to", "copy", "drop")


class SettingChange(NamedTuple):
    """One setting that the new edition changes, before and after in words."""

    name: str
    before: str
    after: str


class Wrong(NamedTuple):
    """What is wrong with the field `name` of the form."""

    name: str
    error: DubanError


def names(plan: Plan) -> list[str]:
    """Return the fields of the form."""
    numbers = [*map(str, range(len(plan.ladder.rungs))), NEW_RUNG]
    rungs = [f"rung-{n}-{field}" for n in numbers for field in _RUNG_FIELDS]
    points = [SCORE + name for name in POINTS]
    return [*LINES, *NUMBERS, *points, "ladder_applies", *rungs]


def values(plan: Plan) -> dict[str, object]:
    """Return the settings of a plan as the form shows them."""
    plain = {name: getattr(plan, name) for name in (*LINES, *NUMBERS, "ladder_applies")}
    plain |= {SCORE + name: getattr(plan.scorecard, name) for name in POINTS}
    for number, rung in enumerate(plan.ladder.rungs):
        plain |= {
            f"rung-{number}-days": rung.days,
            f"rung-{number}-every": rung.every or "",
            f"rung-{number}-form": _form(rung),
            f"rung-{number}-to": list(rung.to),
            f"rung-{number}-copy": list(rung.copy_to),
        }
    return plain


def typed(plan: Plan, form: FormData) -> dict[str, object]:
    """Return the fields of the form as they were typed."""
    return {
        name: [str(each) for each in form.getlist(name)]
        if name.endswith(("-to", "-copy"))
        else str(form.get(name, ""))
        for name in names(plan)
    }


def edition(before: Plan, fields: Mapping[str, Any]) -> tuple[Plan | None, list[Wrong]]:
    """Return the edition that the form makes of the one in force, or what is wrong in it."""
    reading = _Reading(before, fields)
    document = json.loads(before.model_dump_json())
    document |= {"edition": before.edition + 1, **reading.head()}
    document["scorecard"] = reading.formula()
    document["ladder"] = {"rungs": reading.rungs()}
    if reading.wrong:
        return None, reading.wrong
    try:
        return Plan.model_validate_json(json.dumps(document)), []
    except ValidationError as error:
        return None, [Wrong("ladder_applies", _error(error, "-"))]


def changes(before: Plan, after: Plan, lang: str) -> Iterator[SettingChange]:
    """Yield the settings that differ, rungs by their words."""
    for name in (*LINES, *NUMBERS):
        if getattr(before, name) != getattr(after, name):
            yield SettingChange(name, str(getattr(before, name)), str(getattr(after, name)))
    for name in POINTS:
        pair = [str(getattr(plan.scorecard, name)) for plan in (before, after)]
        if pair[0] != pair[1]:
            yield SettingChange(name, *pair)
    old = {rung.name: rung for rung in before.ladder.rungs}
    new = {rung.name: rung for rung in after.ladder.rungs}
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            lines = (rung_line(lang, each.get(name)) for each in (old, new))
            yield SettingChange("rung", *lines)
    if before.ladder_applies != after.ladder_applies:
        words = (say(lang, f"plan-settings.applies-{p.ladder_applies}") for p in (before, after))
        yield SettingChange("ladder_applies", *words)


def rung_line(lang: str, rung: Rung | None) -> str:
    """Return a rung in one line: its day, its recipients, its form; a dash for none."""
    if rung is None:
        return "—"
    to = say(lang, "notice.comma").join(_addressees(lang, rung.to))
    line = f"{rung_day(lang, rung)} → {to}"
    if rung.form == "slip":
        copies = say(lang, "notice.comma").join(_addressees(lang, rung.copy_to))
        line += f" · {say(lang, f'plan-settings.form-{_form(rung)}')}"
        line += f" · {say(lang, 'plan-settings.copy')} {copies}" if copies else ""
    return line


def rung_day(lang: str, rung: Rung) -> str:
    """Return the day of a rung in words."""
    if rung.when in ("unsigned", "silent"):
        return say_count(lang, f"plan-settings.{rung.when}", rung.days)
    if rung.when != "due":
        return say(lang, f"plan-settings.{rung.when}")
    side = "before" if rung.days < 0 else "after" if rung.days else "on"
    text = say_count(lang, f"plan-settings.{side}", abs(rung.days))
    return say(lang, "plan-settings.repeats", first=text, n=rung.every) if rung.every else text


class _Reading:
    """The form as it is read, with what is wrong in it."""

    def __init__(self, before: Plan, fields: Mapping[str, Any]) -> None:
        self._before, self._fields = before, fields
        self.wrong: list[Wrong] = []

    def head(self) -> dict[str, Any]:
        """Return the settings of the plan itself."""
        lines = {name: str(self._fields[name]).strip() for name in LINES}
        for name, line in lines.items():
            if not line or len(line) > 60 or not line.isprintable():  # noqa: PLR2004
                self.wrong.append(Wrong(name, InvalidError("plan-settings-line", place=name)))
        applies = self._fields["ladder_applies"]
        return {
            **lines,
            "burden": self._number("burden", least=1),
            "ladder_applies": applies if applies in APPLIES else self._before.ladder_applies,
        }

    def formula(self) -> dict[str, int]:
        """Return the formula of the score."""
        points = {name: self._number(SCORE + name) for name in POINTS}
        points["participant"] = self._before.scorecard.participant
        try:
            Formula.model_validate(points)
        except ValidationError as error:
            self.wrong.append(Wrong(f"{SCORE}on_time", _error(error, "-")))
        return points

    def rungs(self) -> list[dict[str, Any]]:
        """Return the rungs that stay, and the one that is added at its place."""
        rungs = []
        for number, rung in enumerate(self._before.ladder.rungs):
            if self._fields[f"rung-{number}-drop"] != "yes":
                rungs.append(self._rung(str(number), rung))
        if str(self._fields[f"rung-{NEW_RUNG}-days"]).strip():
            self._add(rungs)
        whole = [rung for rung in rungs if rung is not None]
        try:
            Ladder(rungs=tuple(whole))
        except ValidationError as error:
            self.wrong.append(Wrong("ladder_applies", _error(error, "-")))
        return [rung.model_dump(mode="json") for rung in whole]

    def _rung(self, number: str, rung: Rung) -> Rung | None:
        days = rung.when in ("due", "unsigned", "silent")
        update = {"days": self._number(f"rung-{number}-days", least=None)} if days else {}
        if rung.every:
            update["every"] = self._number(f"rung-{number}-every", least=1)
        return self._made(number, rung.model_dump() | update)

    def _add(self, rungs: list[Rung | None]) -> None:
        """Add the new rung before the first one that is due later, a slip after the other slips."""
        days = self._number(f"rung-{NEW_RUNG}-days", least=None)
        form = str(self._fields[f"rung-{NEW_RUNG}-form"])
        side = "before" if days < 0 else "late"
        name = f"{'slip' if form != FORMS[0] else side}-{abs(days)}"
        while name in {rung.name for rung in self._before.ladder.rungs}:
            name += "-more"
        new = self._made(NEW_RUNG, {"name": name, "when": "due", "days": days})
        later = (
            at
            for at, rung in enumerate(rungs)
            if rung and new and rung.when == "due" and (rung.form, rung.days) > (new.form, days)
        )
        rungs.insert(next(later, len(rungs)), new)

    def _made(self, number: str, values: dict[str, Any]) -> Rung | None:
        """Return the rung with its recipients and form, or None and what is wrong."""
        form, _, light = str(self._fields[f"rung-{number}-form"]).partition("-")
        to = self._addressees(f"rung-{number}-to", values.get("to", ()))
        copies = self._addressees(f"rung-{number}-copy", values.get("copy_to", ()))
        if not to:
            error = InvalidError("plan-settings-to", place=str(values["name"]))
            self.wrong.append(Wrong(f"rung-{number}-to", error))
            return None
        values |= {"to": to, "form": form, "light": light or None}
        values["copy_to"] = copies if form == "slip" else ()
        try:
            return Rung.model_validate(values)
        except ValidationError as error:
            self.wrong.append(Wrong(f"rung-{number}-days", _error(error, str(values["name"]))))
            return None

    def _addressees(self, name: str, before: tuple[Addressee, ...]) -> tuple[Addressee, ...]:
        """Return those that are ticked; the same as before stay in their order."""
        ticked = tuple(each for each in ADDRESSEES if each in self._fields[name])
        return before if set(ticked) == set(before) else ticked

    def _number(self, name: str, *, least: int | None = 0) -> int:
        text = str(self._fields[name]).strip().replace("\N{MINUS SIGN}", "-")
        is_number = text.removeprefix("-").isdecimal() and len(text) <= MOST_DIGITS
        number = int(text) if is_number else 0
        if not is_number or (least is not None and number < least):
            error = InvalidError("plan-settings-number", place=name, text=text or "-")
            self.wrong.append(Wrong(name, error))
        return number


def _form(rung: Rung) -> str:
    return f"slip-{rung.light}" if rung.form == "slip" else "notice"


def _addressees(lang: str, roles: Iterable[Addressee]) -> list[str]:
    return [say(lang, f"plan-settings.to-{role.replace('.', '-')}") for role in roles]


def _error(error: ValidationError, place: str) -> InvalidError:
    """Return the first fault as one of ours: the key is the type of a rule of the plan."""
    first = error.errors()[0]
    if str(first["type"]).startswith("plan-"):
        return InvalidError(str(first["type"]), place=place, **first.get("ctx", {}))
    return InvalidError("plan-settings-number", place=place, text=str(first["input"])[:40])
