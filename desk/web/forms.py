"""Forms as pages show them: the text in each field, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.errors import DubanError

# Rules of catalog.duties.refusal that speak of one field; `needs-<field>` names it itself.
FIELDS: Mapping[str, str] = {
    "assign-ahead": "dated_on",
    "assign-past": "due_on",
    "meeting-ends-early": "end",
    "meeting-last-day": "last_day",
    "meeting-without-time": "time",
    "rule-cited-document": "document",
    "rule-later-date": "to",
    "rule-not-ahead": "held_on",
    "rule-past-the-plan": "document",
}
NEEDS = "rule-needs-"
# The ledger as a whole does not serve: for a moment, or until a person has seen to it.
HALTED = {"ledger-damaged", "ledger-older", "ledger-other", "schema-newer", "schema-older"}
DOWN = {"ledger-busy", "ledger-full", "ledger-login", "ledger-lost", "ledger-read-only", *HALTED}


class Form(NamedTuple):
    """The state of a form: `values` as typed, `errors` a text a field.

    The error under "" belongs to no field. An empty form is `Form()`.
    """

    values: Mapping[str, object] = {}
    errors: Mapping[str, str] = {}

    def value(self, field: str) -> object:
        """Return the value of `field` as typed, empty when there is none."""
        return self.values.get(field, "")

    def shown(self, field: str, value: object) -> Form:
        """Return the form with the value of a field as it is offered, where nothing was typed."""
        return Form({field: value, **self.values}, self.errors)

    def with_draft(self, draft: Mapping[str, str]) -> Form:
        """Return the form filled in from a draft; a form with errors stays as it is."""
        return self if self.errors else Form({**self.values, **draft})

    def error(self, field: str) -> str:
        """Return what is wrong with `field`, empty when nothing is."""
        return self.errors.get(field, "")


def refusal(
    error: DubanError, lang: str, fields: Mapping[str, str] = FIELDS, **values: object
) -> Form:
    """Return the form with its values as typed, and the error at the field it speaks of.

    `fields` maps keys of errors to fields. Where the ledger is DOWN no form is at fault: that is
    raised again, for desk.web.refusals to answer.
    """
    if error.key in DOWN:
        raise error
    key = error.key
    field = key.removeprefix(NEEDS) if key.startswith(NEEDS) else fields.get(key, "")
    if key == "text-too-long" and error.values["place"] in values:
        field = str(error.values["place"])
    return Form(values, {field: say_refusal(error, lang)})


def say_refusal(error: DubanError, lang: str) -> str:
    """Return the text of a refusal for a page: it names no command and no option."""
    rule = f"rule.{error.key.removeprefix('rule-')}"
    if has(lang, rule):
        return say(lang, rule, **error.values)
    return error.in_language(lang)
