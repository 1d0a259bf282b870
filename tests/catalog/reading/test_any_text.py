"""Any text gives a draft, or one line with the fault."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.errors import InvalidError
from catalog.reading.document.lines import LARGEST, paper
from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import EXAMPLE
from catalog.reading.settling.plan_toml import draft_toml

# What documents are made of, thrown together.
PIECES = st.sampled_from(
    [
        *(
            "一、",
            "（一）",
            "1.",
            "第三条",
            "①",
            "\n",
            "。",
            "，",
            "；",
            "、",
            "：",
            "(",
            ")",
            "【",
            "】",
            "“",
            "《",
        ),
        *(
            "省科技廳",
            "外經貿廳",
            "各市",
            "東莞市",
            "牵头",
            "配合",
            "会同",
            "负责",
            "责任单位：",
            "完成时限：",
            "下同",
        ),
        *(
            "每年",
            "2014年",
            "2月30日",
            "底前",
            "13月",
            "起",
            "每季度",
            "前",
            "0个",
            "99999999999家",
            "达到",
            "50%",
        ),
        *(
            "制订",
            "办法",
            "适时",
            "尽快",
            "分别",
            "一至两次",
            "若干场",
            "二〇一五年",
            "\x00",
            "\u202e",
            "𠮷",
        ),
    ]
)
DOCUMENTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@given(DOCUMENTS)
@example("1.，")
@settings(max_examples=150, deadline=None)
def test_any_text_becomes_a_draft_or_is_refused(drafted, text):
    with contextlib.suppress(InvalidError):
        assert draft_toml(drafted(text))


@given(DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)


@given(DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_a_phrase_stands_where_it_is_said_to(text):
    for phrase in matching.interpret(text, EXAMPLE):
        assert text[phrase.mark.start : phrase.mark.end] == phrase.mark.phrase


def test_a_text_beyond_all_measure_is_refused():
    with pytest.raises(InvalidError, match="characters"):
        paper("督" * (LARGEST + 1), name="long.txt")
