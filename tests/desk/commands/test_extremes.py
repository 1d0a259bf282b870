"""Extreme days and numbers in every option of every command: one line, never a defect."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import pytest

from desk.cli import app, run
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyclopts import App

KEY = "small-2013/1.report/-/once"
DAYS = ("0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "0000-00-00", "", "99999999")
NUMBERS = ("-1", "0", "2147483648", "9223372036854775808", "1" + "0" * 400, "1e400", "NaN", "٣")
PLAUSIBLE = {
    "--key": KEY, "--plan": "small-2013", "--as": "office/officer", "--to": "2014-03-01",
    "--year": "2013", "--number": "1", "--value": "1", "--file": "-", "--period": "2013-12",
    "--agency": "trade", "--user": "trade/officer", "--on": "2014-01-24",
}  # fmt: skip
SERVING = {"up", "demo"}  # they start servers where nothing is wrong


class Option(NamedTuple):
    """A day or a number that a command takes, and the others it cannot do without."""

    command: tuple[str, ...]
    name: str
    kind: type
    others: tuple[str, ...]


def _options(command: App, path: tuple[str, ...] = ()) -> Iterator[Option]:
    for name in command:
        if not name.startswith("-"):
            below = command[name]
            yield from _options(below, (*path, name))
    if path and command.default_command:
        arguments = list(command.assemble_argument_collection())
        for argument in arguments:
            kinds = {argument.hint, *get_args(argument.hint)} & {int, dt.date}
            if kinds:
                others = tuple(_name(o) for o in arguments if o.required and o is not argument)
                yield Option(path, _name(argument), kinds.pop(), others)


def _name(argument: Any) -> str:
    return next(name for name in argument.names if name.startswith("--"))


OPTIONS = sorted(set(_options(app)), key=str)


@pytest.fixture
def lived(home, database, tmp_path, installed):
    del installed
    with Ledger.open(load_settings(database.environ(home))) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(tmp_path, {}))
        world.sweep(ISSUED)


def test_the_options_are_those_the_program_lists():
    assert len(OPTIONS) > 35
    assert {option.kind for option in OPTIONS} == {int, dt.date}


@pytest.mark.usefixtures("lived")
def test_no_extreme_day_or_number_is_a_defect(capsys):
    lines = {}
    for option in OPTIONS:
        for value in DAYS if option.kind is dt.date else NUMBERS:
            if option.command[0] in SERVING and value in {"1900-01-01", "2199-12-31"}:
                continue
            others = [f"{name}={PLAUSIBLE.get(name, 'x')}" for name in option.others]
            code = run([*option.command, f"{option.name}={value}", *others, *_end(option)])
            said = capsys.readouterr().err
            if code == 1 or "Traceback" in said or said.count("\n") > 3:
                lines[option.command, option.name, value] = said
    assert lines == {}


def _end(option: Option) -> list[str]:
    """Return what keeps a command that serves from serving."""
    return ["--no-such-option"] if option.command[0] in SERVING else []
