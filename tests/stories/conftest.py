"""A world on a ledger of its own: at the end of every story calm, and sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.plans.load import load_plan
from tasks.plans.replay import replay
from tests.faults.surviving import assert_sound
from tests.world import PostOffice, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from catalog.plans.model import Plan
    from tasks.plans.replay import Replayed
    from tests.databases import OnSqlite


@pytest.fixture
def world(home: Path, database: OnSqlite, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    with database.fleeting(home) as ledger:
        made = World(ledger, post)
        yield made
        made.calm()
        assert_sound(ledger)


@pytest.fixture(scope="session")
def guangdong() -> Plan:
    return load_plan("guangdong-2013")


@pytest.fixture(scope="session")
def unanswered(guangdong: Plan) -> Replayed:
    """The whole of Guangdong's plan, as if nobody ever answered."""
    return replay(guangdong)
