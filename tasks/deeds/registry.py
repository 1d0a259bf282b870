"""Registry of the functions of this room, by the deed each does (`catalog.duties.deeds`)."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

import tasks.deeds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    """Return the function of every deed, found in the modules of the room."""
    for module in pkgutil.iter_modules(tasks.deeds.__path__, "tasks.deeds."):
        importlib.import_module(module.name)
    return _FUNCTIONS
