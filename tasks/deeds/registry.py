"""Registry of the functions that do the deeds of a duty (`catalog.duties.deeds`), by deed."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOMS = ("tasks.deeds", "tasks.past")  # by name, as they import this module
_FUNCTIONS: dict[str, Callable[..., object]] = {}
F = TypeVar("F", bound="Callable[..., object]")


def does(deed: str) -> Callable[[F], F]:
    """Register the function under it as the one that does `deed`.

    It is called with the ledger, the key of the duty (of the notice, for a slip) and the act, and
    by name with the fields of the deed, and `evidence` where the deed takes files.
    """

    def register(function: F) -> F:
        _FUNCTIONS[deed] = function
        return function

    return register


@functools.cache
def functions() -> Mapping[str, Callable[..., object]]:
    """Return the function of every deed, found in the modules of ROOMS."""
    for room in map(importlib.import_module, ROOMS):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    return _FUNCTIONS
