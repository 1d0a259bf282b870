"""A ladder is read as it was declared, and a rung that does not fit together is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.ladder.rungs import DEFAULT_LADDER, Ladder, Rung, rung_of


@pytest.mark.parametrize("key", ["late-15", "late-every-15:45", "behind:2014-Q1"])
def test_a_key_leads_back_to_its_rung(key):
    assert rung_of(DEFAULT_LADDER, key).name == key.partition(":")[0]


def test_a_key_of_no_rung_is_an_error():
    with pytest.raises(KeyError):
        rung_of(DEFAULT_LADDER, "late-99")


NOTICE = {"name": "x", "when": "due", "to": ("lead",)}
BAD_RUNGS = [
    ("plan-rung-days", {"when": "unsigned", "days": 0}),
    ("plan-rung-days", {"when": "open", "days": 3}),
    ("plan-rung-days", {"when": "pace", "days": -1}),
    ("plan-rung-days", {"when": "silent"}),
    ("plan-rung-days", {"when": "progress", "each": "quarterly", "days": 1}),
    ("plan-rung-each", {"when": "progress"}),
    ("plan-rung-each", {"days": 7, "each": "quarterly"}),
    ("literal_error", {"when": "progress", "each": "daily"}),
    ("plan-rung-every", {"days": -7, "every": 7}),
    ("plan-rung-every", {"when": "unsigned", "days": 5, "every": 5}),
    ("plan-rung-together", {"days": 7, "together": True}),
    ("plan-rung-light", {"days": 7, "form": "slip"}),
    ("plan-rung-light", {"days": 7, "light": "red"}),
    ("string_pattern_mismatch", {"name": "late:7"}),
    ("too_short", {"to": ()}),
    ("literal_error", {"to": ("minister",)}),
    ("extra_forbidden", {"on": "due"}),
]


@pytest.mark.parametrize(("kind", "fields"), BAD_RUNGS)
def test_a_rung_that_does_not_fit_together_is_refused(kind, fields):
    with pytest.raises(ValidationError) as refused:
        Rung(**(NOTICE | fields))
    assert refused.value.errors()[0]["type"] == kind


def test_two_rungs_of_one_name_are_refused():
    with pytest.raises(ValidationError) as refused:
        Ladder(rungs=(Rung(**NOTICE), Rung(**NOTICE)))
    assert refused.value.errors()[0]["type"] == "plan-rung-twice"


def test_silence_needs_a_rung_that_asks():
    with pytest.raises(ValidationError) as refused:
        Ladder(rungs=(Rung(**(NOTICE | {"when": "silent", "days": 5})),))
    assert refused.value.errors()[0]["type"] == "plan-rung-silent"


def test_a_ladder_of_an_older_version_keeps_its_digest():
    rungs = (Rung(**NOTICE), Rung(name="u", when="unsigned", days=5, to=("performer",)))
    old = Ladder(rungs=rungs)
    assert "each" not in old.model_dump_json()
    assert old.digest == "b22989f1090fe457"


def test_a_default_ladder_whose_repeats_were_told_apart_keeps_its_digest():
    apart = [rung.model_copy(update={"together": False}) for rung in DEFAULT_LADDER.rungs]
    old = Ladder(rungs=tuple(apart))
    assert "together" not in old.model_dump_json()
    assert old.digest == "d595df393fcd039f"


def test_a_ladder_comes_back_from_json_the_same():
    again = Ladder.model_validate_json(DEFAULT_LADDER.model_dump_json())
    assert again == DEFAULT_LADDER
    assert again.digest == DEFAULT_LADDER.digest
    assert hash(again) == hash(DEFAULT_LADDER)


def test_every_slip_of_the_default_ladder_is_told_to_the_office_too():
    slips = [rung for rung in DEFAULT_LADDER.rungs if rung.form == "slip"]
    assert [rung.light for rung in slips] == ["amber", "red"]
    assert all("office" in rung.to for rung in slips)
