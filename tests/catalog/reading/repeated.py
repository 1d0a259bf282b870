"""Texts that repeat one phrase of the grammar, and how the reader's work grows with them."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from catalog.reading.document import labels
from catalog.reading.document.lines import paper
from catalog.reading.grammar import matching
from catalog.reading.proposing.drafting import draft
from catalog.reading.who.register import load_register

if TYPE_CHECKING:
    from catalog.reading.draft import Draft

HEAD = "关于某事的行动计划\n1."
# All phrases of the grammar with their near misses, in both scripts.
PHRASES = tuple(dict.fromkeys(p for rule in matching.RULES for p in (*rule.examples, *rule.near)))
# Alone, in clauses, sentences, lines, brackets and lists, and beside words of other rules.
SHAPES = (
    *("{}", "{}，", "{}、", "{}。", "{}\n", "（{}）", "（{}", "《{}", "{}局、", "由{}牵头，"),
    *("省科技厅会同{}", "各市{}", "达到{}，", "召开{}，", "{}及时，", "每年{}", "由{}"),
    *("\n1.{}", "\n（一）{}", "\n责任单位：{}", "\n完成时限：{}"),
)
OFTEN = 190  # phrases of an item where every phrase of a long text is to be read


def repeated(phrase: str, length: int, shape: str = "{}") -> str:
    """Return a document of `length` characters that repeats a phrase."""
    piece = shape.format(phrase)
    return f"{HEAD}{(piece * (length // len(piece) + 1))[:length]}"


def in_items(phrase: str, length: int) -> str:
    """Return a document of `length` characters with many items of many phrases."""
    return repeated(phrase * OFTEN, length, "\n1.{}")


def read(text: str) -> Draft:
    """Return the draft of a plan from a text."""
    register = load_register("guangdong-2013")
    return draft(paper(text, name="a.txt"), register, code="a", on=date(2013, 8, 5))


def growth(short: str, long: str, *, times: int = 2) -> float:
    """Return how many times the work of the shorter text the longer one takes."""
    pairs = [(_work(short), _work(long)) for _ in range(times)]
    return min(each for _, each in pairs) / min(each for each, _ in pairs)


def _work(text: str) -> float:
    """Return the seconds of computing that a text takes, with nothing kept from before."""
    matching.marks.cache_clear()
    labels.roles_of.cache_clear()
    began = time.process_time()
    with contextlib.suppress(InvalidError):  # beyond a limit it is to be refused as quickly
        read(text)
    return time.process_time() - began
