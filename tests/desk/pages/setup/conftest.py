"""The desk of a home that nobody has used, and a browser before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk.access import setup_code
from desk.app import create_app
from tests.desk.visitors import Browser, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from ledger.session import Ledger


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(home: Path, database, clock: Clock) -> Iterator[FastAPI]:
    """The desk of a home that nobody has used."""
    made = create_app(database.settings(home), clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def ledger_of_it(empty: FastAPI) -> Ledger:
    ledger: Ledger = empty.state.desk.ledger
    return ledger


@pytest.fixture
def code(empty: FastAPI, clock: Clock) -> str:
    return setup_code.issue(empty.state.desk.settings.home, clock())


@pytest.fixture
def browser(empty: FastAPI) -> Browser:
    made = Browser(empty)
    made.headers["Accept-Language"] = "zh-CN"
    return made
