from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ledger.offices.jurisdictions import Jurisdiction, settings_of
from tasks.offices.add import add
from tasks.offices.survey import offices
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE
NOW = dt.datetime(2013, 8, 20, 9, tzinfo=dt.UTC)


def test_an_office_whose_host_name_is_anothers_is_named(database, home):
    settings = replace(database.settings(home), base_url="https://duban.example.org")
    for name in ("city", "town"):
        add(settings, Jurisdiction(name, name, f"https://{name}.example.org"))
    file = settings_of(settings, "town").home / "jurisdiction.toml"
    file.write_text(file.read_text("utf-8").replace("town.ex", "city.ex"), "utf-8")

    main, city, town = offices(settings, NOW)
    assert (main.problem, city.problem) == ("", "")
    assert "city.example.org is the address of jurisdiction city" in town.problem
