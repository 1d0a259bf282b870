"""An installation's jurisdictions: how they are made, found and kept apart."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.utils import parseaddr
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction, listed, settings_of
from ledger.proof.chain import head
from ledger.session import Ledger
from ledger.store.engine import make_engine
from ledger.tables import TABLES
from tasks.offices.add import add
from tests.databases import ON_POSTGRESQL, ON_SQLITE, rows

if TYPE_CHECKING:
    from pathlib import Path

CITY = Jurisdiction("xin-cheng", "新城區督辦室", "https://city.example.org")
TOWN = Jurisdiction("town", "鎮督辦室")
MAIN = Jurisdiction("", "")


@pytest.fixture
def settings(database, home):
    return database.settings(home)


def test_an_installation_has_one_jurisdiction_its_main_one(settings):
    assert listed(settings) == [MAIN]
    assert settings_of(settings, "") == settings
    assert settings.installation == settings.home


def test_what_is_added_is_listed_with_its_name_and_address(settings):
    add(settings, CITY)
    add(settings, TOWN)

    assert listed(settings) == [MAIN, TOWN, CITY]
    assert listed(settings_of(settings, "town")) == [MAIN, TOWN, CITY]


def test_a_jurisdiction_has_a_home_and_an_address_of_its_own(settings):
    add(settings, CITY)
    own = settings_of(settings, CITY.id)

    assert own.home == settings.home / "jurisdictions" / "xin-cheng"
    assert (own.base_url, own.jurisdiction) == (CITY.address, CITY.id)
    assert own.installation == settings.home
    assert stat.S_IMODE(own.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(own.installation.stat().st_mode) == 0o700
    assert settings_of(own, "") == settings


def test_what_is_kept_in_one_is_in_no_other(settings, make, record):
    for each in (CITY, TOWN):
        add(settings, each)
    every = [settings, settings_of(settings, CITY.id), settings_of(settings, TOWN.id)]
    for own, word in zip(every, ("province", "city", "town"), strict=True):
        with Ledger.open(own) as ledger, ledger.transaction() as tx:
            record(tx, make["edition"](1, title=word))
    kept = []
    for own in every:
        with Ledger.open(own) as ledger, ledger.read() as conn:
            kept.append((str(rows(conn)), head(conn).entries))

    for (told, entries), word in zip(kept, ("province", "city", "town"), strict=True):
        assert entries == 1
        assert [w for w in ("province", "city", "town") if f"'{w}'" in told] == [word]


@ON_POSTGRESQL
def test_offices_of_one_database_do_not_wait_for_each_other(settings, make, record):
    add(settings, CITY)
    with Ledger.open(settings) as ours, Ledger.open(settings_of(settings, CITY.id)) as theirs:
        with ours.transaction(alone=True) as held:
            held.hold("claim")
            with theirs.transaction(alone=True) as free:
                free.conn.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
                free.hold("claim")
                record(free, make["edition"](1))
        with theirs.read() as conn:
            assert head(conn).entries == 1


@ON_POSTGRESQL
def test_each_has_every_table_in_its_own_schema(settings):
    add(settings, CITY)
    Ledger.open(settings).close()
    engine = make_engine(settings.database_url)
    with engine.connect() as conn:
        found = sa.inspect(conn)
        assert set(TABLES) < set(found.get_table_names(schema="duban_xin_cheng"))
        assert set(TABLES) < set(found.get_table_names(schema="public"))
    engine.dispose()


@ON_POSTGRESQL
def test_whoever_may_make_no_schema_is_told_what_its_owner_does_and_that_mends_it(settings):
    engine = make_engine(settings.database_url)
    with engine.begin() as conn:
        conn.exec_driver_sql("DROP ROLE IF EXISTS clerk")
        conn.exec_driver_sql("CREATE ROLE clerk LOGIN")
    url = sa.make_url(settings.database_url).set(username="clerk")
    clerk = replace(settings, database_url=url.render_as_string(hide_password=False))

    with pytest.raises(ConflictError) as refused:
        add(clerk, CITY)

    assert (refused.value.key, refused.value.values["user"]) == ("schema-denied", "clerk")
    assert listed(settings) == [MAIN]

    mend = str(refused.value).partition(": ")[2].removesuffix(".")
    with engine.begin() as conn:
        conn.exec_driver_sql(mend)
    add(clerk, CITY)
    assert listed(settings) == [MAIN, CITY]
    with engine.begin() as conn:
        conn.exec_driver_sql("DROP OWNED BY clerk")
        conn.exec_driver_sql("DROP ROLE clerk")
    engine.dispose()


@ON_POSTGRESQL
def test_options_that_the_database_address_brings_stay(settings):
    url = sa.make_url(settings.database_url).update_query_dict({"options": "-c work_mem=7MB"})
    more = replace(settings, database_url=url.render_as_string(hide_password=False))
    add(more, CITY)

    with Ledger.open(settings_of(more, CITY.id)) as ledger, ledger.read() as conn:
        assert conn.exec_driver_sql("SHOW work_mem").scalar_one() == "7MB"
        assert conn.scalar(sa.select(sa.func.current_schema())) == "duban_xin_cheng"


def test_of_eight_that_add_one_at_once_one_does(settings):
    start = Barrier(8)

    def one(number):
        start.wait()
        try:
            add(settings, Jurisdiction("town", f"office {number}"))
        except ConflictError as error:
            return error.key
        return number

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(one, range(8)))

    (winner,) = [each for each in done if each != "jurisdiction-there"]
    assert listed(settings) == [MAIN, Jurisdiction("town", f"office {winner}")]
    assert [p.name for p in (settings.home / "jurisdictions" / "town").glob(".*")] == []


def test_a_half_made_one_is_not_listed_and_can_be_made_whole(settings):
    (settings.home / "jurisdictions" / "town").mkdir(parents=True)

    assert listed(settings) == [MAIN]
    with pytest.raises(NotFoundError):
        settings_of(settings, "town")

    add(settings, TOWN)
    assert listed(settings) == [MAIN, TOWN]


@ON_SQLITE
@pytest.mark.parametrize(
    "typed", ["", "Town", "9th", "-town", "a_b", "a b", "../x", "a/b", "鎮", "town\n", "a" * 33]
)
def test_an_id_that_is_none_is_refused(settings, typed):
    with pytest.raises(InvalidError) as refused:
        add(settings, Jurisdiction(typed, "鎮督辦室"))

    assert refused.value.key == "jurisdiction-id"
    assert not (settings.home / "jurisdictions").exists()


@ON_SQLITE
@pytest.mark.parametrize("typed", ["../jurisdictions/town", "town/", "town\0", "TOWN", "nowhere"])
def test_only_the_id_itself_finds_it(settings, typed):
    add(settings, TOWN)

    with pytest.raises(NotFoundError) as refused:
        settings_of(settings, typed)

    assert refused.value.key == "jurisdiction-unknown"
    assert refused.value.values["known"] == "town"


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "address", "key"),
    [
        ("", None, "jurisdiction-name"),
        (" 鎮", None, "jurisdiction-name"),
        ("two\nlines", None, "jurisdiction-name"),
        ("長" * 81, None, "jurisdiction-name"),
        ("鎮", "town.example.org", "jurisdiction-no-address"),
        ("鎮", "ftp://town.example.org", "jurisdiction-no-address"),
        ("鎮", "https://", "jurisdiction-no-address"),
        ("鎮", "https://town.example.org/desk", "jurisdiction-no-address"),
        ("鎮", "https://town.example.org?x", "jurisdiction-no-address"),
        ("鎮", "https://me:word@town.example.org", "jurisdiction-no-address"),
        ("鎮", "https://town.example.org:port", "jurisdiction-no-address"),
        ("鎮", "https://[town", "jurisdiction-no-address"),
        ("鎮", "https://town.example.org:0", "jurisdiction-no-address"),
        ("鎮", "https://鎮.example.org", "jurisdiction-no-address"),
        ("鎮", "https://town .example.org", "jurisdiction-no-address"),
        ("鎮", "https://town.example.org\n", "jurisdiction-no-address"),
    ],
)
def test_a_name_is_a_line_and_an_address_a_host(settings, name, address, key):
    with pytest.raises(InvalidError) as refused:
        add(settings, Jurisdiction("town", name, address))

    assert refused.value.key == key


@ON_SQLITE
@pytest.mark.parametrize(
    "address",
    ["https://duban.example.org", "http://DUBAN.example.org:8180", "https://city.example.org:99"],
)
def test_two_have_never_one_host_name(database, home, address):
    settings = database.settings(home, DUBAN_BASE_URL="https://duban.example.org/")
    add(settings, CITY)

    with pytest.raises(ConflictError) as refused:
        add(settings, TOWN._replace(address=address))

    assert refused.value.key == "jurisdiction-address"


@ON_SQLITE
def test_a_swept_office_whose_file_was_removed_is_named(settings):
    add(settings, TOWN)
    home = settings.home / "jurisdictions" / "town"
    (home / "anchors.jsonl").touch()
    (home / "jurisdiction.toml").unlink()

    (_, town) = listed(settings)
    assert "jurisdictions/town/jurisdiction.toml" in town.problem


@ON_SQLITE
@pytest.mark.parametrize(
    "written",
    [
        "name = ",
        "name = 'a'\naddress = 3",
        "address = 'https://town.example.org'",
        "name = 3",
        "name = 'a'\nport = 1",
        "\xff",
        pytest.param("x = " + 5000 * "[", id="deep"),
    ],
)
def test_a_file_that_tells_of_none_is_named_and_stops_no_other(settings, written):
    add(settings, TOWN)
    add(settings, CITY)
    file = settings.home / "jurisdictions" / "town" / "jurisdiction.toml"
    file.write_bytes(written.encode("latin-1"))

    with pytest.raises(InvalidError) as refused:
        settings_of(settings, TOWN.id)
    assert refused.value.values["place"] == "jurisdictions/town/jurisdiction.toml"
    main, town, city = listed(settings)
    assert (main.problem, city) == ("", CITY)
    assert (town.id, town.address) == (TOWN.id, None)
    assert "jurisdictions/town/jurisdiction.toml" in town.problem


@ON_SQLITE
@pytest.mark.parametrize("name", ['"Quoted" \\ office', "'單引號'", "tab\\t", "🏛 office"])
def test_a_name_comes_back_as_it_was_given(settings, name):
    add(settings, Jurisdiction("town", name))

    assert listed(settings)[1].name == name


def test_the_environment_names_the_jurisdiction_every_command_is_for(database, home: Path):
    environ = database.environ(home)
    add(load_settings(environ), TOWN)

    found = load_settings(environ | {"DUBAN_JURISDICTION": "town"})

    assert found == settings_of(load_settings(environ), "town")
    assert load_settings(environ | {"DUBAN_JURISDICTION": ""}) == load_settings(environ)


def test_an_environment_that_names_none_is_refused(home: Path):
    with pytest.raises(DubanError) as refused:
        load_settings({"DUBAN_HOME": str(home), "DUBAN_JURISDICTION": "nowhere"})

    assert refused.value.key == "jurisdiction-unknown"


@ON_SQLITE
def test_each_signs_with_a_key_of_its_own(database, home):
    settings = database.settings(home, DUBAN_SECRET="s" * 32)
    for each in (CITY, TOWN):
        add(settings, each)
    secrets = {settings_of(settings, id_).secret for id_ in ("", CITY.id, TOWN.id)}

    assert len(secrets) == 3
    assert all(len(secret) >= 32 for secret in secrets)


@ON_SQLITE
@pytest.mark.parametrize(
    ("claim", "city"), [("preferred_username", None), ("login_{office}", "login_xin-cheng")]
)
def test_a_provider_serves_those_with_an_address_and_logins_of_their_own(
    database, home, claim, city
):
    settings = database.settings(
        home,
        DUBAN_BASE_URL="https://duban.example.org",
        DUBAN_OIDC_ISSUER="https://sign-in.example.org",
        DUBAN_OIDC_CLIENT="duban",
        DUBAN_OIDC_SECRET="hunter2",
        DUBAN_OIDC_CLAIM=claim,
    )
    for each in (CITY, TOWN):
        add(settings, each)
    provider = settings_of(settings, CITY.id).oidc

    assert (provider and provider.of(CITY.id).claim) == city
    assert settings.oidc.of("").claim == claim.replace("{office}", "main")
    assert settings_of(settings, TOWN.id).oidc is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ("duban@office.example", "duban@town.office.example"),
        ("duban@localhost", "duban@town.localhost"),
    ],
)
def test_its_letters_are_never_taken_for_those_of_another(database, home, given, sender):
    settings = database.settings(home, DUBAN_MAIL_FROM=given)
    add(settings, TOWN)

    assert settings.sender == given
    assert settings_of(settings, "town").sender == sender
    assert settings_of(settings, "town").mail_from == given


@ON_SQLITE
def test_its_letters_bear_its_name_and_are_answered_to_its_own_office(database, home):
    given = {"DUBAN_MAIL_FROM": "省外經貿廳督辦 <duban@office.example>"}
    settings = database.settings(home, **given, DUBAN_REPLY_TO="answers@office.example")
    add(settings, TOWN)

    town = settings_of(settings, "town")

    assert parseaddr(town.mail_from) == (TOWN.name, "duban@office.example")
    assert (town.sender, town.reply_to) == ("duban@town.office.example", None)
