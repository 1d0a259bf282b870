"""What every test may ask for: a home of its own, and a fresh ledger in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.session import Ledger
from ledger.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as opened:
        yield opened
