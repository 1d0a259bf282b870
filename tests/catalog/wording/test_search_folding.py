"""A search finds the simplified for the traditional, and the other way round."""

from __future__ import annotations

import pytest

from catalog.wording.search_folding import finds, fold


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("贸易", "加工貿易轉型升級"),
        ("貿易", "加工贸易转型升级"),
        ("東莞 2014", "东莞市人民政府 2014年"),
        ("ＡＢ１", "ab1"),
        ("后 里", "後裏"),
        ("", "任何"),
    ],
)
def test_one_spelling_finds_the_other(asked, text):
    assert finds(asked, text)


def test_every_word_must_stand_somewhere():
    assert finds("貿易 東莞", "加工贸易", "东莞市")
    assert not finds("貿易 汕頭", "加工贸易", "东莞市")


def test_folding_twice_is_folding_once():
    assert fold(fold("加工貿易ＡＢ")) == fold("加工貿易ＡＢ")
