"""The texts of notices, standings and errors, one TOML catalogue a language."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

DEFAULT_LANGUAGE = "zh-Hant"


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the languages there is a catalogue for, sorted; adding a file adds a language."""
    names = (f.name for f in resources.files(__name__).iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


@functools.cache
def texts(language: str) -> dict[str, str]:
    """Return the catalogue of `language`, flattened to `section.key` -> template."""
    source = resources.files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flatten("", tomllib.loads(source)))


def say(language: str, key: str, /, **values: Any) -> str:
    """Return the text `key` in `language`, with `{names}` filled from `values`.

    Raises KeyError for a key no catalogue has: a missing text is a defect, found by test.
    """
    return texts(language)[key].format_map(values)


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        flat += _flatten(f"{name}.", value) if isinstance(value, dict) else [(name, str(value))]
    return flat
