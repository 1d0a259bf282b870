"""The address of the desk, as letters name it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.settings import Settings

PORT = 8180  # of `duban demo` and `duban up`


def desk_address(settings: Settings, *, is_demo: bool) -> str:
    """Return DUBAN_BASE_URL, for a demonstration without it the address it is served at, or ""."""
    at = settings.base_url or (local_address(PORT) if is_demo else "")
    return at.rstrip("/")


def with_desk(settings: Settings, *, is_demo: bool) -> Settings:
    """Return the settings with the address of the desk, also of a demonstration."""
    return replace(settings, base_url=desk_address(settings, is_demo=is_demo))


def local_address(port: int) -> str:
    """Return the address of a desk on this machine; others of it are `*.localhost`."""
    return f"http://localhost:{port}"
