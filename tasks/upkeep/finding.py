"""One result of the doctor, said in any language, with what to do and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.wording import COMMAND_LANGUAGE, has, say

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NAMED = 10


class Finding(NamedTuple):
    """The result of one check: `ok` is False when a person should act.

    `says` is the key of its text under `doctor.says`, which `values` fill; a tuple of names among
    them is listed up to MOST_NAMED. `mend` is what to do at the command line, `page` where in the
    browser.
    """

    check: str
    ok: bool
    says: str
    values: Mapping[str, Any] = {}
    mend: str = ""
    page: str = ""

    def detail(self, lang: str = COMMAND_LANGUAGE) -> str:
        """Return the result in words."""
        values = {
            name: _listed(lang, value) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }
        return say(lang, f"doctor.says.{self.says}", **values)

    def remedy(self, lang: str) -> str:
        """Return what a person at the desk does about it, empty where nothing is wrong."""
        key = f"doctor.do.{self.says}"
        return say(lang, key if has(lang, key) else "doctor.do.operator") if not self.ok else ""


def _listed(lang: str, names: tuple[str, ...]) -> str:
    """Return the first of the names, and how many more there are."""
    more = len(names) - MOST_NAMED
    rest = say(lang, "doctor.more", n=more) if more > 0 else ""
    return f": {', '.join(names[:MOST_NAMED])}{rest}" if names else ""
