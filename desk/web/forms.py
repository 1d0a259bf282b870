"""What was typed into a form, and what is wrong with it, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.errors import DubanError

# Rules of catalog.duties.refusal that speak of one field; `needs-<field>` names it itself.
FIELDS: Mapping[str, str] = {"rule-later-date": "to", "rule-not-ahead": "held_on"}
NEEDS = "rule-needs-"
DOWN = {"ledger-busy", "ledger-full", "ledger-lost", "ledger-read-only"}


class Form(NamedTuple):
    """The state of a form: `given` are the values as typed, `errors` a text a field.

    The error under "" belongs to no field. An empty form is `Form()`.
    """

    given: Mapping[str, object] = {}
    errors: Mapping[str, str] = {}

    def value(self, field: str) -> object:
        """Return what was typed into `field`, empty when nothing was."""
        return self.given.get(field, "")

    def drafted(self, kept: Mapping[str, str]) -> Form:
        """Return the form with what was kept of it before; one that was refused is as it was."""
        return self if self.errors else Form({**self.given, **kept})

    def error(self, field: str) -> str:
        """Return what is wrong with `field`, empty when nothing is."""
        return self.errors.get(field, "")


def refused(
    error: DubanError, lang: str, fields: Mapping[str, str] = FIELDS, **given: object
) -> Form:
    """Return the form as it was given, with the refusal at the field it speaks of.

    `fields` maps keys of errors to fields. Where the ledger is DOWN no form is at fault: that is
    raised again, for desk.web.refusals to answer.
    """
    if error.key in DOWN:
        raise error
    key = error.key
    field = key.removeprefix(NEEDS) if key.startswith(NEEDS) else fields.get(key, "")
    return Form(given, {field: worded(error, lang)})


def worded(error: DubanError, lang: str) -> str:
    """Return a refusal as a page says it: it names no command and no option."""
    rule = f"rule.{error.key.removeprefix('rule-')}"
    if has(lang, rule):
        return say(lang, rule, **error.values)
    return error.in_language(lang)
