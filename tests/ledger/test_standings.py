"""What the database says of a duty's standing is what catalog.standing says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from catalog.plan import load_plan
from catalog.standing import standing
from ledger import duties, standings
from ledger.session import Ledger
from ledger.settings import load_settings
from tasks import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    home: Path = tmp_path_factory.mktemp("standings")
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        demo.begin(ledger, load_plan("guangdong-2013"))
        demo.play(ledger, "guangdong-2013", until=dt.date(2014, 1, 24), progress=lambda _: None)
        yield ledger


@pytest.mark.parametrize("on", [dt.date(2013, 9, 2), dt.date(2013, 12, 25), dt.date(2014, 1, 24),
                                dt.date(2014, 10, 1), dt.date(2015, 7, 1)])  # fmt: skip
def test_the_database_sees_each_duty_stand_as_the_catalogue_does(
    lived: Ledger, on: dt.date
) -> None:
    with lived.read() as conn:
        status = standings.status(conn, on)
        wanted = sa.select(duties.DUTIES.c.key, status, standings.light(status, on))
        told = {row[0]: (row[1], row[2]) for row in conn.execute(wanted)}
        held = duties.chosen(conn)
    assert told == {duty.key: tuple(standing(duties.facts(duty), on)) for duty in held}
