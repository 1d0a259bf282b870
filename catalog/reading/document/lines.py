"""Text of a document with its broken lines joined, and the line that each place came from."""

from __future__ import annotations

import bisect
import re
import unicodedata
from typing import NamedTuple

from catalog.errors import InvalidError
from catalog.reading.grammar.folding import fold

_REMARKS = ("#", "-->", "<!--")
LARGEST = 400_000  # characters: some 500 pages

# What a paragraph can begin with: its number, or a label such as 责任单位:
NUMERAL = "[〇零一二三四五六七八九十百]+"
FORMAL = "(?:[壹贰叁参肆伍陆柒捌玖拾]+|[甲乙丙丁戊己庚辛壬癸](?!、[甲乙丙丁戊己庚辛壬癸]))"
# 9.6月底前: a point between digits ends a number where a date stands behind it.
ARABIC = (
    r"(?:\d{1,3} ?(?:[.、](?!\d)|、(?!\d{1,2}(?:、|月份))"
    r"|\.(?=(?:19|20)\d\d[年.]|(?:1[0-2]|[1-9])月)| (?=[一-龥]{2,20}$))|[⒈-⒛])"
)
DECIMAL = r"\d{1,2}(?:\.\d{1,2}){1,2}[.、]?(?![\d%.-]| ?[个倍万亿元月年日余左以]| ?多)"
LABELLED = rf"(?:问题|任务|事项|项目|举措|专项|行动|工程)(?:{NUMERAL}|\d{{1,2}})[:、.]"
BULLET = r"(?:[•●▪■◆◇·]|-{1,2}(?!\d+(?:\.\d+)?%))"
_BEGINS = re.compile(
    rf"{NUMERAL}(?:、|[.](?!\d))|{FORMAL}、|\({NUMERAL}\)|\((?:\d+|[a-z]{{1,4}})\)|{DECIMAL}|{ARABIC}|第{NUMERAL}[条章节]"
    rf"|[①-⑳⑴-⒇㈠-㈩]|{LABELLED}|[^,。;:()]{{2,8}}:|附件|附表|\(此件|{BULLET}"
    r"|(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})年[^,。]{3,8}日$"
)
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef\u2013-\u201d"
_FIGURE = r"[0-9%.\-~()]"
# 每年組織 30-40 場: a blank between a figure and the words beside it.
_SET_APART = re.compile(
    f"(?<=[{_WIDE}]) (?={_FIGURE})|(?<={_FIGURE}) (?=[{_WIDE}])"
    "|(?<=[0-9]) (?=[-%.])|(?<=[-.]) (?=[0-9])"
)
_NUMBER = re.compile(r"\d{1,3}(?:[.．、] | (?=[一-龥]{2,20}$))")  # 9. 6月底前, 2 队伍建设
# A paragraph ends with who answers for it: …。(市商务局)
_CLOSED = re.compile(r"[。;!?]\((?:[^()]|\([^()]*\))*\)$")
# What many a PDF writes for the sign that looks like it.
_RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_RADICALS |= dict(
    zip(
        "⺠⻋⻓⻔⻅⻝⻘⻚⻛⻜⻢⻥⻦⻨⻩⻬⻮⻰⻳⻆⻄⻉⻁⻤⻣⻙⻧⻪⻑⺝⺩⺬⻗⻞⻯⻲⺟⺼",
        "民车长门见食青页风飞马鱼鸟麦黄齐齿龙龟角西贝虎鬼骨韦卤黾長月王示雨食竜亀母肉",
        strict=True,
    )
)
_RADICALS["⼾"] = "户"
_ENDS = tuple("。!?;:")
_PAIRS = ("()", "[]", "《》", "“”")
_FULL = 0.8  # of the usual width: a line that long was broken by the page, not by its author
_BROKEN = 15  # characters; a page is never narrower
_LONGEST = 5000  # characters of a paragraph that is still joined
ASTRAY = 400  # characters after which a bracket was never meant to close


class Paper(NamedTuple):
    """A document: its paragraphs in `text`, one a line, and where each line of it began."""

    name: str
    text: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]

    def line(self, at: int) -> int:
        """Return the line of the document that the place `at` of the text came from."""
        return self.lines[max(0, bisect.bisect_right(self.starts, at) - 1)] if self.lines else 1


def paper(raw: str, *, name: str) -> Paper:
    """Return the document `name` with its broken lines joined; InvalidError for too much of it."""
    if len(raw) > LARGEST:
        raise InvalidError("document-too-long", place=name, characters=len(raw), largest=LARGEST)
    cleaned = ((number, _clean(line)) for number, line in enumerate(raw.splitlines(), 1))
    lines = [(number, line) for number, line in cleaned if not line.startswith(_REMARKS)]
    widths = sorted(len(line) for _, line in lines if line)
    usual = widths[len(widths) * 9 // 10] if widths else 0
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    paragraph = last = ""
    at = 0
    for number, line in lines:
        folded = fold(line)
        if not line:
            last = ""
            continue
        goes_on = bool(pieces) and _goes_on(paragraph, last, folded, usual)
        pieces.append(line if goes_on or not pieces else f"\n{line}")
        numbers.append(number)
        starts.append(at + len(pieces[-1]) - len(line))
        at += len(pieces[-1])
        paragraph, last = (paragraph + folded if goes_on else folded), folded
    return Paper(name, "".join(pieces), tuple(starts), tuple(numbers))


def _clean(line: str) -> str:
    """Return a line without invisible signs, and without the blanks a PDF puts at figures."""
    signs = (_visible(sign, unicodedata.category(sign)) for sign in line)
    plain = " ".join("".join(signs).split())
    number = _NUMBER.match(plain)
    behind = number.end() if number else 0
    return plain[:behind] + _SET_APART.sub("", plain[behind:])


def _visible(sign: str, category: str) -> str:
    if sign in _RADICALS:
        return _RADICALS[sign]
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else sign


def _goes_on(paragraph: str, last: str, line: str, usual: int) -> bool:
    """Tell whether a line belongs to the paragraph before it."""
    if len(paragraph) < ASTRAY and any(
        paragraph.count(p[0]) > paragraph.count(p[1]) for p in _PAIRS
    ):
        return True
    if len(paragraph) > _LONGEST or _BEGINS.match(line) or paragraph.endswith(_ENDS):
        return False
    if paragraph.endswith(")") and _CLOSED.search(paragraph, max(0, len(paragraph) - ASTRAY)):
        return False
    return len(last) >= max(_BROKEN, usual * _FULL)
