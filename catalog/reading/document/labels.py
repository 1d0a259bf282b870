"""Labels and brackets that say who answers for an item, and by when."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# bracket: names with their roles among them; lead, help, names: what stands behind such a label;
# doubt: behind a label that does not say whether they lead or help (督导单位:).
Form = Literal["bracket", "lead", "help", "names", "doubt"]

_BODY = "(?:单位|部门|机关|处室|科室|地区)"
_LABELS = {
    "lead": f"(?:总?牵头|主办|主管)(?:责任)?{_BODY}?|(?:主责|主要责任|第一责任){_BODY}",
    "help": f"(?:协同|共同)?(?:配合|参与|协办|参加|协助|支持|协同|协作|会办)(?:责任)?{_BODY}?",
    "names": "(?:具体|直接)?(?:责任|负责|承办|实施|落实|承担|执行|权责|业主)"
    f"(?:{_BODY}|主体|分工)|任务分工|分工|责任",
    "when": "(?:计划|预计)?(?:完成|办理|办结|整改|推进|实施|建设|达成)?"
    "(?:时限|时间|时间节点|节点|期限|期程|时程)(?:要求)?|完成日期|进度(?:安排|要求)",
    "other": "适用范围|(?:第一|直接)?责任人|联系(?:人|电话)|备注"
    "|(?:责任|分管|牵头|包保|联系|包联)(?:[省市县区州镇校]级?)?领导",
    "doubt": f"(?!各)[^,。;:()、 ]{{1,4}}{_BODY}",
}
_LABEL = re.compile(
    r"(?:^|(?<=[。;,\s(\[]))(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _LABELS.items()) + "):"
)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*(?:\([^()\[\]]*\)[^()\[\]]*)*)[)\]]")
# How a body of government, or of its companies, ends.
_BODY_NAME = re.compile(
    r"[厅局委办部署院府室会处站队社校馆]$|[公分]司$|中心$|集团$|分行$|银行$|(?<![园校社地])区$"
    "|[市县盟州旗]$|(?<![城乡村])[镇乡]$|乡镇$|街道$|单位$|部门$"
)
_DOING = re.compile("负责|牵头|配合|会同|参与|协助|下同|分工")
NOTE = re.compile("列为|列第|排在|首位|第一位|下同|其余|排名|为牵头|为参与")  # how to read a list
_TIMES = ("time", "recurs", "since", "standing")
_SLIGHT = 4  # characters
_DOES = re.compile(
    "等?(?:有关部门)?(?:按职责)?(?:分工)?(?:分别)?(?:负责|牵头|配合|参与|协助)?(?:落实)?$|^由"
)
_STRIP = " ;,。:\n"
_CLOSING = re.compile("[。;, )]*")
_LONGEST = 400  # characters in a bracket of agencies


class RoleLabel(NamedTuple):
    """A stretch of the text that names agencies, and how."""

    form: Form
    start: int
    end: int


class ParagraphRoles(NamedTuple):
    """The roles of one paragraph, and the stretches that say nothing else."""

    roles: tuple[RoleLabel, ...]
    covered: tuple[tuple[int, int], ...]


@functools.lru_cache(maxsize=4096)  # a heading is asked for each part under it
def roles_of(text: str, start: int, end: int) -> ParagraphRoles:
    """Return the roles in one paragraph, `text[start:end]`."""
    folded = fold(text[start:end])
    pieces = [piece for stretch in _stretches(folded) for piece in _pieces(folded, *stretch)]
    roles = tuple(
        RoleLabel(piece.kind, start + piece.inner, start + piece.end)
        for piece in pieces
        if piece.kind in get_args(Form)
    )
    covered = tuple(
        (start + (p.end if _is_date(folded, p) else p.start), start + p.outer) for p in pieces
    )
    return ParagraphRoles(roles, covered)


def _is_date(folded: str, piece: _Piece) -> bool:
    """Tell whether a piece names no agency and says by when, whatever its label is."""
    if piece.kind != "other":
        return bool(piece.kind == "when")
    return any(m.sort in _TIMES for m in matching.marks(folded[piece.inner : piece.end]))


def is_date_line(folded: str) -> bool:
    """Tell whether a folded line begins with a label of dates (完成时限:)."""
    label = _LABEL.match(folded)
    return label is not None and label.lastgroup == "when"


def is_label(folded: str) -> bool:
    """Tell whether folded words are such a label and nothing else (责任单位:)."""
    return _LABEL.fullmatch(folded) is not None


class _Piece(NamedTuple):
    """One label with its words, or the names of a bracket: outer and inner bounds."""

    kind: Any
    start: int
    inner: int
    end: int
    outer: int


def _stretches(folded: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches of roles: the brackets that name agencies, or else what has a label."""
    if label := _LABEL.match(folded):
        yield 0, 0, len(folded), len(folded)
        return
    brackets = [
        bracket
        for bracket in _BRACKET.finditer(folded)
        if _LABEL.search(bracket[1])
        or _names_bodies(bracket[1], at_end=_closes(folded, bracket.end()))
    ]
    for bracket in brackets:
        yield (bracket.start(), *bracket.span(1), bracket.end())
    if not brackets and (label := _LABEL.search(folded)):
        yield label.start(), label.start(), len(folded), len(folded)


def _pieces(folded: str, start: int, inner: int, end: int, outer: int) -> Iterator[_Piece]:
    labels = list(_LABEL.finditer(folded, inner, end))
    if not labels:
        yield from _unlabelled(folded, start, inner, end, outer)
        return
    first = labels[0].start()
    if folded[inner:first].strip(_STRIP):
        yield _Piece("bracket", start, inner, first, first)
    for label, after in itertools.zip_longest(labels, labels[1:]):
        until = after.start() if after else end
        yield _Piece(
            label.lastgroup,
            label.start() if label.start() > inner else start,
            label.end(),
            until,
            until if after else outer,
        )


def _unlabelled(folded: str, start: int, inner: int, end: int, outer: int) -> Iterator[_Piece]:
    """Yield a bracket's names, and its dates: (市商務局負責,6月底前)."""
    yield _Piece("other", start, inner, inner, inner)
    at = inner
    for part in re.compile("[^,;。]+").finditer(folded, inner, end):
        if _is_time(part[0]):
            yield _names_piece(folded, at, part.start(), part.start())
            yield _Piece("when", part.start(), part.start(), part.end(), part.end())
            at = part.end()
    yield _names_piece(folded, at, end, outer)


def _names_piece(folded: str, start: int, end: int, outer: int) -> _Piece:
    names = folded[start:end].strip(_STRIP)
    return _Piece("bracket" if names else "other", start, start, end, outer)


def _is_time(words: str) -> bool:
    """Tell whether a part of a bracket begins with a phrase of time, or is little else."""
    times = [m for m in matching.marks(words) if m.sort in _TIMES]
    slight = any(len(words.strip()) - len(m.phrase) <= _SLIGHT for m in times)
    return slight or any(not words[: m.start].strip("于在须应要 ") for m in times)


def _closes(folded: str, at: int) -> bool:
    return _CLOSING.fullmatch(folded, at) is not None


def _names_bodies(words: str, *, at_end: bool) -> bool:
    """Tell whether a bracket holds agencies: it says what they do, or is a list of bodies."""
    if "《" in words or len(words) > _LONGEST:
        return False
    parts = [_DOES.sub("", part.strip()) for part in re.split("[、,;。]", words)]
    parts = [part for part in parts if part and not NOTE.search(part) and not _is_time(part)]
    if _DOING.search(words):
        return any(_BODY_NAME.search(part) for part in parts)
    return at_end and bool(parts) and bool(_BODY_NAME.search(parts[-1]))
