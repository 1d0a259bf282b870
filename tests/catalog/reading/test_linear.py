"""The reader's work grows with the text, and no faster, whatever the text repeats.

`make faults` asks the same of every phrase, up to 200,000 characters.
"""

from __future__ import annotations

import random

import pytest

from tests.catalog.reading.repeated import PHRASES, SHAPES, growth, repeated

LENGTH, TIMES = 600, 4
MOST = 3 * TIMES  # what grows with the square would grow sixteenfold
SAMPLE = random.Random(20131).sample([(p, s) for p in PHRASES for s in SHAPES], 14)
# What once cost the square or the cube of the text.
ONCE_SLOW = [
    *(("上半年", "{}"), ("全年", "{}"), ("年内", "{}"), ("若干个", "{}、"), ("一", "{}")),
    *(("各市", "2014年底前{}，"), ("和", "\n责任单位：{}"), ("下同", "\n责任单位：（{}")),
    *(("为", "{}2次"), ("甲局", "（{}）"), ("甲局", "\n责任单位：{}、")),
]


@pytest.mark.parametrize(("phrase", "shape"), [*ONCE_SLOW, *SAMPLE])
def test_a_text_four_times_as_long_takes_about_four_times_the_work(phrase, shape):
    short, long = (repeated(phrase, LENGTH * n, shape) for n in (1, TIMES))
    assert growth(short, long) < MOST
