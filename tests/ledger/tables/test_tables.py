from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import RECORDED, TABLES, Instant, Names, instant_text, transient

BEIJING = timezone(timedelta(hours=8))


def test_an_instant_is_the_same_bytes_on_both_databases():
    at = datetime(2014, 3, 14, 8, 30, tzinfo=BEIJING)
    kept = {
        d.name: Instant().process_bind_param(at, d)
        for d in (sqlite.dialect(), postgresql.dialect())
    }

    assert kept == {"sqlite": "2014-03-14T00:30:00Z", "postgresql": "2014-03-14T00:30:00Z"}


def test_an_instant_comes_back_in_utc():
    back = Instant().process_result_value("2014-03-14T00:30:00Z", sqlite.dialect())

    assert back == datetime(2014, 3, 14, 0, 30, tzinfo=UTC)
    assert back.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2014, 3, 14, 8, 30))  # noqa: DTZ001  it must be refused


@pytest.mark.parametrize("names", [(), ("省港澳辦",), ("a", 'b"c')])
def test_a_list_of_names_comes_back_as_it_was(names):
    kept = Names().process_bind_param(names, sqlite.dialect())

    assert Names().process_result_value(kept, sqlite.dialect()) == names


def test_only_leases_and_places_in_work_are_transient():
    kept_out = {name: transient(TABLES[name]) for name in RECORDED if transient(TABLES[name])}

    assert kept_out == {
        "channel_stops": {"looks", "next_look", "letters"},
        "duties": {"told_through", "look_on", "prepare_on"},
        "editions": {"expanded_through", "swept_through"},
        "letters": {"tries", "next_try_at", "claimed_until"},
    }


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda d: d.name)
def test_every_table_can_be_written_down_for_both_databases(dialect):
    for table in TABLES.values():
        assert sa.schema.CreateTable(table).compile(dialect=dialect).string
