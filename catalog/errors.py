"""Errors as values: a key that the wording translates, and the values that fill it."""

from __future__ import annotations

from typing import Any, ClassVar

from catalog.wording import COMMAND_LANGUAGE, say


class DubanError(Exception):
    """Something a person can mend; `str()` is one line that names the place and the mend.

    `key`, words joined by hyphens, names the text under `error` in every language; `values` fill
    it. `exit_code` is what the command line ends with (contract: 3 not found, 4 validation
    failed, 5 conflict).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return self.in_language(COMMAND_LANGUAGE)

    def in_language(self, language: str) -> str:
        """Return the line in `language` (one of `wording.languages()`)."""
        return say(language, f"error.{self.key}", **self.values)


class UsageRefusedError(DubanError):
    """The command or a setting was given something it cannot take."""

    exit_code = 2


class NotFoundError(DubanError):
    """The named thing is not there."""

    exit_code = 3


class InvalidError(DubanError):
    """Data was refused whole; its values carry `place` (file:line, row or field)."""

    exit_code = 4


class ConflictError(DubanError):
    """The deed does not fit what is so: somebody was faster, or the order is wrong."""

    exit_code = 5
