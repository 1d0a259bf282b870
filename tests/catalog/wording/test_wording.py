"""Every language says everything, with the same values, in its own characters."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from catalog import errors
from catalog.duties import refusal
from catalog.letters.matters import EVENTS
from catalog.wording import DEFAULT_LANGUAGE, languages, say, say_count, texts
from catalog.wording.language import FOLDER, language, names, plural_forms

ROOT = Path(__file__).parents[3]
FLOORS = ("catalog", "ledger", "tasks", "flows", "desk")
# Traditional characters our texts use (or may soon) that simplified Chinese writes otherwise.
TRADITIONAL = set(
    "並亞來個倉係們備債傳優儘內兩冊別則剛創劃動務勝區協單參員問單嗎園圍國報場塊執壓實審寫導將專對層屬"
    "幣師帳帶幾幹廣廳張強彙後從復應態慮憑戶託拋捨掃採換損據擬擔擴擋數斷於時書暫會東條業極樣機檔檢權歷歸"
    "氣決沒況淨測準滿漢潔為烏無煩燈爾牽狀獨獲現環產畫異當發盡監盤確碼禮種稱穩約紅級納紙細終組結絕給統"
    "經綠維網綜緊線編緩縣總績繁續繳罰職聯聲聽腳臨與興舉舊號處術衛裝補製複視覽觀覺觸計訂訊記訪設許評詞試"
    "話該詳認語誤說請調談論證識議譯護讀變讓豐財責貨貴費資賬賽質購贈趕軟轉辦辭農這連進運過達違遞遠適選"
    "還邊郵鄉醒釋鈕銷錄錯鍵鎖長門開間閉閱關陽隊階際隨險雙雜難電靜項須預領頭題類顯驗黃點齊佔佈"
) - set("醒")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


RULED = {"deed", "key", "user", "day", "on", "since", "until"}  # the values of a refused deed
OURS = texts(DEFAULT_LANGUAGE)
COUNTED = {key.removesuffix("-other") for key, text in OURS.items() if key.endswith("-other")}
COUNTED -= {key for key in COUNTED if "{n}" not in OURS[f"{key}-other"]}


def counted(key: str) -> str:
    """The key without its form of a number, `audit.entries` of `audit.entries-one`."""
    base = re.sub("-(zero|one|two|few|many|other|[0-9]+)$", "", key)
    return base if base in COUNTED else key


EVERY = {counted(key) for key in OURS}


def lacking(code: str) -> set[str]:
    """The keys a language has no text of, or none for some of its forms of a number."""
    keys = {counted(key) for key in texts(code)}
    forms = {plural_forms(code, n)[1] for n in range(200)} | {"other"}
    counts = {f"{base}-{form}" for base in COUNTED & keys for form in forms}
    return (EVERY - keys) | (counts - texts(code).keys())


def test_there_are_three_languages():
    assert languages() == ("en", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize("language", languages())
def test_no_language_lacks_a_text_or_has_one_too_many(language: str):
    assert lacking(language) == set()
    assert {counted(key) for key in texts(language)} <= EVERY


@pytest.mark.parametrize("language", languages())
def test_every_text_takes_the_same_values(language: str):
    ours = {counted(key): placeholders(text) | {"n"} for key, text in OURS.items()}
    different = {
        key
        for key, text in texts(language).items()
        if placeholders(text) | {"n"} != ours[counted(key)]
        or (key == counted(key) and placeholders(text) != placeholders(OURS[key]))
    }
    assert different == set()


@pytest.mark.parametrize("language", languages())
def test_every_text_has_a_file_of_its_own_name(language: str):
    stems = [file.stem for file in (FOLDER / language).rglob("*.toml")]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("code", languages())
def test_every_language_says_how_it_spells(code: str):
    file = FOLDER / code / "language.toml"
    known = {"name", "place", "script", "tags", "fallback", "locale", "day"}
    assert tomllib.loads(file.read_text(encoding="utf-8")).keys() <= known
    assert str(language(code).locale).replace("_", "-") in code
    assert set(language(code).fallback) <= set(languages())


def test_the_switch_of_languages_begins_with_that_of_the_plans():
    assert names() == {"zh-Hant": "繁", "zh-Hans": "简", "en": "EN"}


@pytest.mark.parametrize("language", languages())
def test_no_text_is_empty_or_ends_untidily(language: str):
    loose = {"notice.demo", "notice.light", "notice.comma", "notice.semicolon"}
    loose |= {"prepared.dash", "prepared.comma", "cockpit.gap-with", "cockpit.and", "cockpit.comma"}
    loose |= {
        "adhoc.comma",
        "cockpit.dead-one",
        "cockpit.dead-other",
        "cockpit.bounced-one",
        "cockpit.bounced-other",
    }
    for key, text in texts(language).items():
        assert text.strip(), key
        if key not in loose:
            assert text == text.rstrip(), key


def test_simplified_chinese_has_no_traditional_characters():
    found = {c for text in texts("zh-Hans").values() for c in text} & TRADITIONAL
    assert found == set()


def test_the_list_of_traditional_characters_is_one():
    assert len({c for text in texts("zh-Hant").values() for c in text} & TRADITIONAL) > 50


def test_english_has_no_chinese_characters():
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", "".join(texts("en").values()))


def calls() -> list[ast.Call]:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    assert len(files) > 20
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def named(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def said(call: ast.Call) -> list[str]:
    """The keys of the catalogue this call names outright."""
    words = [a.value for a in call.args[:2] if isinstance(a, ast.Constant)]
    return [word for word in words if isinstance(word, str)]


def test_the_key_of_an_error_is_words_joined_by_hyphens():
    keys = [key for key in texts("en") if key.startswith(("error.", "rule."))]
    assert len(keys) > 300
    assert [key for key in keys if not re.fullmatch(r"\w+\.[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_every_error_raised_has_its_text_and_values():
    ours = {name for name in vars(errors) if name.endswith("Error")}
    raised = [call for call in calls() if named(call) in ours and said(call)]
    assert len(raised) > 20
    for call in raised:
        (key,) = said(call)
        given = {keyword.arg for keyword in call.keywords}
        assert placeholders(texts("en")[f"error.{key}"]) <= given or None in given, key


def test_every_rule_that_refuses_a_deed_has_its_text():
    assert len(refusal.names()) > 30
    for name in refusal.names():
        assert placeholders(texts("en")[f"error.rule-{name}"]) <= RULED, name


def test_every_event_told_has_its_sentence():
    assert {f"deeds.letter.{event}" for event in EVENTS} <= texts("en").keys()


def test_every_text_said_is_there():
    keys = {key for call in calls() if named(call) == "say" for key in said(call)}
    keys = {key for key in keys if "." in key}
    assert len(keys) > 20
    assert keys <= texts("en").keys()


@pytest.mark.parametrize(
    ("code", "n", "text"),
    [
        ("en", 1, "the one of this list"),
        ("en", 2, "all 2 of this list"),
        ("zh-Hant", 1, "列表中的這1項"),
        ("zh-Hant", 2, "列表中的全部2項"),
    ],
)
def test_a_number_takes_the_form_of_its_language(code: str, n: int, text: str):
    assert say_count(code, "bulk.every", n) == text


def test_a_text_nobody_has_is_a_defect():
    with pytest.raises(KeyError, match="nothing"):
        say("en", "notice.nothing")


def test_a_value_nobody_gave_breaks_no_letter():
    assert say("en", "notice.to") == texts("en")["notice.to"]


def test_a_value_is_never_read_as_a_template():
    assert "{title.__class__}" in say("en", "notice.subject", title="{title.__class__}", due="")
