"""An office, and another that it trusts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.offices import keys
from tasks.act import Act
from tasks.offices.trusting import trust
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.plans.publish import publish
from tests.world import small_plan

ON, AT = date(2013, 8, 5), datetime(2013, 8, 5, 0, 30, tzinfo=UTC)
CHEN = Act("chen", ON, AT)


@pytest.fixture
def office(ledger, tmp_path):
    """A ledger with a plan in force, whose office is chen's."""
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor="chen")
    admit = [Newcomer("chen", "陳文靜", "office")]
    users.add(ledger, admit, since=ON, at=AT, actor="lin")
    return ledger


@pytest.fixture
def ministry(tmp_path, office):
    """The home of an office that is trusted here as `ministry`."""
    home = tmp_path / "ministry"
    home.mkdir()
    trust(office, "ministry", keys.public(home), CHEN)
    return home
