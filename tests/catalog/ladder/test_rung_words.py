"""Every day ahead of a duty has words in each language, whatever a plan calls its rungs."""

from __future__ import annotations

import pytest

from catalog.ladder.rung_words import event_words
from catalog.ladder.rungs import DEFAULT_LADDER, Ladder, Rung
from catalog.wording import languages

OWN = Ladder(
    rungs=(
        Rung(name="day", when="due", to=("performer",)),
        Rung(name="final", when="due", days=3, to=("lead.head",), form="slip", light="red"),
    )
)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("opens", "opens"),
        ("prepares", "material is prepared"),
        ("due", "due"),
        ("issue", "issued"),
        ("unsigned-5", "5 working days without acknowledgement"),
        ("before-30", "30 days before due"),
        ("before-1", "1 day before due"),
        ("behind:2014-Q3", "pace of quarter 3 of 2014"),
        ("late-1", "1 day late"),
        ("late-every-15:45", "late: reminded with others"),
        ("late-7", "7 days late: slip"),
        ("progress:2014-Q3", "progress asked for"),
        ("silent-10:2014-09-30", "10 working days without progress"),
    ],
)
def test_a_rung_is_said_by_its_fields(event, words):
    assert event_words("en", DEFAULT_LADDER, event) == words


@pytest.mark.parametrize(("event", "words"), [("day", "due"), ("final", "3 days late: slip")])
def test_so_is_one_that_the_plan_names_itself(event, words):
    assert event_words("en", OWN, event) == words


@pytest.mark.parametrize("language", languages())
def test_no_rung_is_said_by_its_key(language):
    for rung in DEFAULT_LADDER.rungs:
        turn = {"pace": ":2014-Q3", "due": ":45" if rung.every else ""}.get(rung.when, "")
        assert event_words(language, DEFAULT_LADDER, rung.name + turn) not in {"", rung.name}
