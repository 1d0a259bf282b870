"""A list of people who get logins, typed, pasted or from a workbook: read, checked, taken whole.

`read` gives each row with what is wrong with it; `admit` adds all of them with a one-time password
each, or nobody. The passwords are returned once, and only their digests are stored.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, NamedTuple

from catalog.clean import clean
from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.wording.search_folding import fold
from ledger.people import signin
from ledger.people import users as ledger_users
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.people import passwords, users
from tasks.people.users import Newcomer
from tasks.spreadsheets.grids import grids

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from catalog.role_names import UserRole
    from ledger.people.users import User
    from ledger.session import Connection, Ledger

COLUMNS = ("login", "name", "agency", "role", "mail", "of")  # the order where no heads are given
MOST = 1000  # people of one list
SEPARATOR = re.compile("[,，;；]")
WIDEST = 40  # columns looked at
HEADS: Mapping[str, tuple[str, ...]] = {
    "login": ("login", "user", "user name", "username", "用户名", "登录名", "账号", "帐号"),
    "name": ("name", "full name", "姓名", "名字"),
    "agency": ("agency", "office", "unit", "单位", "所在单位", "责任单位", "部门"),
    "role": ("role", "角色", "身份", "权限"),
    "mail": ("mail", "e-mail", "email", "mail address", "邮箱", "电子邮箱", "邮件", "邮件地址"),
    "of": ("same person as", "person", "本人用户名", "主用户名", "同一人"),
}
ROLE_WORDS: Mapping[str, UserRole] = {
    "": "officer",
    **dict.fromkeys(("经办", "经办人", "经办人员", "办理", "officer"), "officer"),
    **dict.fromkeys(("核查", "核查人", "核查人员", "审计", "reviewer"), "reviewer"),
    **dict.fromkeys(("管理员", "系统管理员", "administrator", "admin"), "administrator"),
}

Row = tuple[int, tuple[str, ...]]  # its number, from 1, and the texts of its cells


class Line(NamedTuple):
    """A person of the list: the text of each column, and the errors by column.

    `newcomer` is None where there are errors.
    """

    number: int
    texts: Mapping[str, str]
    newcomer: Newcomer | None
    errors: Mapping[str, DubanError]


class Admission(NamedTuple):
    """A person with the one-time password that is shown once; none for a further post."""

    newcomer: Newcomer
    password: str


def pasted(text: str) -> list[Row]:
    """Return the rows of a text whose cells are parted by tabs, else by commas or semicolons."""
    rows = []
    for number, line in enumerate(clean(text).splitlines(), 1):
        mark = "\t" if "\t" in line else ","
        plain = (
            line if mark == "\t" else line.replace("，", ",").replace("；", ",").replace(";", ",")
        )
        if any(cells := tuple(cell.strip() for cell in plain.split(mark))):
            rows.append((number, cells))
    return rows


def of_file(content: IO[bytes], *, name: str) -> list[Row]:
    """Return the rows of the first sheet of a spreadsheet, in any format that trackers have.

    Raises InvalidError for a file that is none, or costs too much to read.
    """
    sheets = [grid for grid in grids(content, name=name) if not grid.is_hidden]
    return [
        (number, tuple(clean(cell.text) for cell in row[:WIDEST]))
        for number, row in enumerate(sheets[0].rows if sheets else (), 1)
        if any(cell.text for cell in row[:WIDEST])
    ]


def read(conn: Connection, rows: Sequence[Row]) -> list[Line]:
    """Return the people of the rows, each checked against the ledger and the rest of the list.

    Columns are known by their heads in any language, in any order; without heads they are COLUMNS.
    An agency is its id, its name or an alias of a plan in force; an empty role is officer. Raises
    InvalidError for no rows or more than MOST.
    """
    places, people = _columns(rows)
    if not people or len(people) > MOST:
        key = "people-too-many" if people else "people-none"
        raise InvalidError(key, place="list", size=len(people), most=MOST)
    agencies = _agencies(conn)
    logins = {user.id for user in ledger_users.listed(conn)}
    lines = []
    for number, cells in people:
        texts = {name: cells[at] for name, at in places.items() if at < len(cells)}
        lines.append(_line(number, texts, agencies, logins))
        logins.add(texts.get("login", ""))
    return lines


def admit(
    ledger: Ledger,
    newcomers: Sequence[Newcomer],
    *,
    since: dt.date,
    at: dt.datetime,
    actor: str,
) -> list[Admission]:
    """Add all of them and give each a one-time password, or nobody; raises what `add` raises."""
    with ledger.together() as one:
        users.add(one, newcomers, since=since, at=at, actor=actor)
        given = [
            "" if person.of else passwords.give_once(one, person.id, at=at, on=since, actor=actor)
            for person in newcomers
        ]
    return [Admission(*pair) for pair in zip(newcomers, given, strict=True)]


def give_anew(ledger: Ledger, *, at: dt.datetime, on: dt.date, actor: str) -> list[Admission]:
    """Give everybody who has not used their one-time password a new one; but not `actor`."""
    with ledger.together() as one:
        with one.read() as conn:
            people = [user for user in waiting(conn, on) if user.id != actor]
        given = [passwords.give_once(one, user.id, at=at, on=on, actor=actor) for user in people]
    newcomers = [Newcomer(u.id, u.name, u.agency, u.role, u.mail or "") for u in people]
    return [Admission(*pair) for pair in zip(newcomers, given, strict=True)]


def waiting(conn: Connection, on: dt.date) -> list[User]:
    """Return the valid first logins whose one-time password has not been changed yet, by login."""
    once = signin.with_one_time(conn)
    return [
        user
        for user in ledger_users.listed(conn)
        if user.id in once and ledger_users.is_valid(user, on)
    ]


def _columns(rows: Sequence[Row]) -> tuple[dict[str, int], Sequence[Row]]:
    """Return the place of each column, and the rows below the heads."""
    known = {fold(head): name for name, heads in HEADS.items() for head in heads}
    for at, (_, cells) in enumerate(rows[:10]):  # titles may stand above the heads
        names = [known.get(fold(cell.strip())) for cell in cells]
        if {"login", "agency"} <= set(names):
            return {name: names.index(name) for name in COLUMNS if name in names}, rows[at + 1 :]
    return {name: place for place, name in enumerate(COLUMNS)}, rows


def _line(
    number: int, texts: Mapping[str, str], agencies: Mapping[str, str], logins: set[str]
) -> Line:
    errors: dict[str, DubanError] = {}
    agency, role = texts.get("agency", ""), ROLE_WORDS.get(fold(texts.get("role", "").strip()))
    if fold(agency) not in agencies:
        errors["agency"] = NotFoundError("people-agency-unknown", agency=agency)
    if role is None:
        errors["role"] = InvalidError("people-role-unknown", role=texts["role"])
    person = Newcomer(
        texts.get("login", ""),
        texts.get("name", ""),
        agencies.get(fold(agency), ""),
        role or "officer",
        texts.get("mail", ""),
        texts.get("of", ""),
    )
    if person.of and person.of not in logins:
        errors["of"] = NotFoundError("people-person-unknown", user=person.of)
    try:
        users.check(person, {person.agency}, logins)
    except ConflictError as error:
        errors["login"] = error
    except DubanError as error:
        errors["mail" if error.key.startswith("address-") else "login"] = error
    return Line(number, texts, None if errors else person, errors)


def _agencies(conn: Connection) -> dict[str, str]:
    """Return the id of each agency by its folded id, name, and aliases of the plans in force."""
    known = {
        fold(alias): agency.id
        for edition in editions.all_in_force(conn)
        for agency in in_force(conn, edition.plan).plan.agencies
        for alias in agency.aliases
    }
    rows = [each for each in contacts.agencies(conn).values() if each.kind != "open-group"]
    return known | {
        fold(word): each.id for each in rows for word in (each.name, each.id, *each.aliases)
    }
