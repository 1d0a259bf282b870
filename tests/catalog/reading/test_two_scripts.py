"""One text in traditional and in simplified characters gives the same plan."""

from __future__ import annotations

import pytest
from opencc import OpenCC

SAMPLES = [
    "plan/guangdong-2013.txt",
    "samples/guobanfa-2019-3.txt",
    "samples/guofa-2019-3.txt",
    "samples/panzhengban-2021-1-excerpt.txt",
    "samples/yuefuban-2013-28-excerpt.txt",
]


def told(draft):
    """Return everything a draft says but its words, and its reasons in the script of the text."""
    words = ("title", "indicator", "unit", "number", "reason")
    head = without(draft.head, words)
    measures = [
        (
            m.number,
            m.span,
            m.lead,
            m.participants,
            [(p.id, p.shape, p.says, p.also) for p in m.proposals],
            [without(p.fields, words) for p in m.proposals],
        )
        for m in draft.measures
    ]
    questions = [
        (q.id, q.key, q.about, q.span, [without(reading, words) for reading in q.readings])
        for q in draft.questions
    ]
    return head, measures, questions


def without(fields, names):
    return {name: value for name, value in fields.items() if name not in names}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("turned", ["s2t", "t2s"])
def test_a_text_turned_into_the_other_script_is_drafted_alike(drafted, shared_text, name, turned):
    text = shared_text(name)
    other = OpenCC(turned).convert(text)
    assert len(other) == len(text)
    assert told(drafted(other)) == told(drafted(text))


@pytest.mark.parametrize("name", SAMPLES)
def test_wide_signs_are_read_like_narrow_ones(drafted, shared_text, name):
    text = shared_text(name)
    wide = text.translate(str.maketrans("(),:;0123456789%", "（），：；０１２３４５６７８９％"))
    assert told(drafted(wide)) == told(drafted(text))
