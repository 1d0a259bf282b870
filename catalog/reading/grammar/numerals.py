"""Numbers in Chinese texts: 12, 十二, 二〇一五, 两百."""

from __future__ import annotations

_DIGITS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_OF_THE_REPUBLIC = 1000  # a year below it is counted from 1911, as in Taiwan
CHINESE = "[〇零一二两三四五六七八九十百千]"


def year(numeral: str) -> int:
    """Return the year a folded numeral names: 2015, 二〇一五, 民国113 or 113 of that calendar."""
    count = number(numeral.removeprefix("民国"))
    return count if count >= _OF_THE_REPUBLIC else count + 1911


def chinese(count: int) -> str:
    """Return a whole number as numerals before a part: 三, 十二; digit for digit from 100 on."""
    digits = "〇一二三四五六七八九"
    if count >= 100:  # noqa: PLR2004  no list of parts is that long
        return "".join(digits[int(digit)] for digit in str(count))
    tens, ones = divmod(count, 10)
    ten = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return ten + (digits[ones] if ones or not tens else "")


def number(numeral: str) -> int:
    """Return the whole number a folded numeral writes; ValueError when it writes none."""
    if numeral.isdecimal():
        return int(numeral)
    if not numeral or any(sign not in _DIGITS and sign not in _TENS for sign in numeral):
        raise ValueError(numeral)
    if not any(sign in _TENS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total, digit = total + (digit or 1) * _TENS[sign], 0
    return total + digit
