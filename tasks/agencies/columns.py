"""Columns of a list of agencies: known by their heads, or without heads by what is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.trackers.grid import letters
from catalog.wording import languages, say
from catalog.workbook.workbook_sheets import word
from tasks.agencies.registering import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.plans.contents import AgencyKind
    from tasks.post.contacts import Position

Field = Literal["id", "name", "aliases", "kind", "position", "person", "mail", "telephone"]
FIRST_ROWS = 10  # among which the heads stand; titles may be above them
HEADS: dict[Field, str] = {
    "name": "单位 单位名称 单位全称 责任单位 机构 机构名称 部门 部门名称 名称"
    " agency name unit department organisation organization body",
    "aliases": "别名 简称 单位简称 又名 alias aliases shortname abbreviation",
    "kind": "类别 单位类别 类型 单位类型 性质 单位性质 kind type",
    "id": "代号 编码 单位编码 id code",
    "position": "职位 岗位 角色 position role",
    "person": "姓名 person contact contactperson",
    "mail": "邮箱 电子邮箱 电子邮件 电邮 邮件 邮箱地址 邮件地址"
    " email e-mail mail mailaddress emailaddress",
    "telephone": "电话 联系电话 电话号码 办公电话 手机 手机号 手机号码 联系方式"
    " telephone phone tel mobile phonenumber",
}
PERSONS: dict[Position, str] = {
    "officer": "经办人 经办 经办人员 联络员 联络人 联系人 具体联络人 officer liaison",
    "head": "分管领导 分管负责人 分管负责同志 分管同志 headincharge head",
    "leader": "责任领导 主要领导 主要负责人 主要负责同志 一把手 responsibleleader leader",
    "reviewer": "核查 核查人 核查人员 reviewer",
}
KIND_WORDS: dict[AgencyKind, str] = {
    "city": "地方 市 县 区 镇 街道 政府",
    "department": "省直部门 市直部门",
}
_FIELDS = {head: field for field, heads in HEADS.items() for head in heads.split()}
_PERSONS = {head: position for position, heads in PERSONS.items() for head in heads.split()}
_LOCAL = re.compile(r".*(人民政府|[市县区镇乡]|街道|办事处)")
_TELEPHONE = re.compile(r"[+\d][\d\s()/,;-]{4,}")
_TRIMMINGS = re.compile(r"\(.*?\)|[\s*:_.]")


class Column(NamedTuple):
    """A column of a list: its place from 0, its field, and of which position's person it is."""

    at: int
    field: Field
    position: Position | None = None

    @property
    def letter(self) -> str:
        """The letter of the column, as Excel shows it."""
        return letters(self.at)


def position_of(text: str) -> Position | None:
    """Return the position that a word names, in any language; None for another word."""
    return _position_words().get(_bare(text)) or _PERSONS.get(_bare(text))


def kind_of(text: str) -> AgencyKind | None:
    """Return the kind of agency that a word names, in any language; None for another word."""
    return _kind_words().get(_bare(text))


def kind_by_name(name: str) -> AgencyKind:
    """Return the kind that a name suggests: a local government, else a department."""
    return "city" if _LOCAL.fullmatch(fold(name)) else "department"


def columns_of(grid: Sequence[Sequence[str]]) -> tuple[list[Column], int]:
    """Return the columns of a list, and the number of rows up to its heads."""
    for above, row in enumerate(grid[:FIRST_ROWS], 1):
        columns = list(_by_heads(row))
        is_lone_name = [c.field for c in columns] == ["name"] and sum(map(bool, row)) == 1
        if len(columns) > 1 or is_lone_name:
            return columns, above
    return list(_by_content(grid)), 0


def _by_heads(row: Sequence[str]) -> Iterator[Column]:
    position: Position | None = None
    names = 0
    for index, head in enumerate(row):
        field, own = _field(head)
        names += field == "name"
        if field is None or (field == "name" and names > 1):
            continue
        position = own or position
        yield Column(index, field, position if field in ("person", "mail", "telephone") else None)


def _field(head: str) -> tuple[Field | None, Position | None]:
    """Return the field of a head and the position it names (聯絡員電話, 分管領導)."""
    bare = _bare(head)
    if bare in _FIELDS:
        return _FIELDS[bare], None
    for who, position in sorted(_PERSONS.items(), key=lambda each: -len(each[0])):
        rest = bare.removeprefix(who)
        if rest != bare and (not rest or rest in _FIELDS):
            return _FIELDS.get(rest, "person"), position
    return None, None


def _by_content(grid: Sequence[Sequence[str]]) -> Iterator[Column]:
    """Yield the columns of a list without heads: agency first, then person, the others by form."""
    rest: list[Field] = ["name", "person"]
    for index in range(max(map(len, grid), default=0)):
        cells = [row[index] for row in grid if index < len(row) and row[index]]
        field = _form(cells) or (rest.pop(0) if rest and cells else None)
        if field:
            yield Column(index, field)


def _form(cells: Sequence[str]) -> Field | None:
    if not cells:
        return None
    if any("@" in cell for cell in cells):
        return "mail"
    if all(_TELEPHONE.fullmatch(fold(cell)) for cell in cells):
        return "telephone"
    if all(position_of(cell) for cell in cells):
        return "position"
    return "kind" if all(kind_of(cell) for cell in cells) else None


def _bare(text: str) -> str:
    return _TRIMMINGS.sub("", fold(text).lower())


def _position_words() -> dict[str, Position]:
    return {
        _bare(each): position
        for position in PERSONS
        for each in (
            position,
            *(say(lang, f"settings.position.{position}") for lang in languages()),
        )
    }


def _kind_words() -> dict[str, AgencyKind]:
    own = {_bare(each): kind for kind in KINDS for each in (kind, *_words_of(kind))}
    return own | {each: kind for kind, words in KIND_WORDS.items() for each in words.split()}


def _words_of(kind: AgencyKind) -> list[str]:
    return [word(lang, kind) for lang in languages()]
