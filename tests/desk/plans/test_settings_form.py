"""Settings of a plan are read into the next edition, each fault at its field."""

from __future__ import annotations

import pytest

from catalog.plans.load import load_plan
from desk.plans import settings_form
from desk.plans.settings_form import changes, edition, names, rung_line, values

PLAN = load_plan("guangdong-2013")
RUNGS = [rung.name for rung in PLAN.ladder.rungs]


DROPS = [f"rung-{number}-drop" for number in range(len(RUNGS))]


def form(**typed):
    blank = {name: [] if name.endswith(("-to", "-copy")) else "" for name in names(PLAN)}
    shown = {
        name: value if isinstance(value, list) else f"{value}"
        for name, value in values(PLAN).items()
    }
    return blank | shown | typed


def at(name, field):
    return f"rung-{RUNGS.index(name)}-{field}"


def test_the_form_as_it_is_shown_makes_the_same_plan_under_the_next_number():
    after, wrong = edition(PLAN, form())

    assert wrong == []
    assert after == PLAN.model_copy(update={"edition": PLAN.edition + 1})
    assert list(changes(PLAN, after, "en")) == []


def test_each_kind_of_setting_changes():
    typed = {
        "slip_prefix": "粵督",
        "burden": "12",
        "score_late": "50",
        "ladder_applies": "all",
        at("before-30", "days"): "-45",
        at("before-30", "to"): ["performer", "lead"],
        at("late-1", "drop"): "yes",
        at("late-7", "form"): "slip-red",
        at("late-every-15", "every"): "10",
        "rung-new-days": "60",
        "rung-new-to": ["performer.leader"],
        "rung-new-form": "slip-red",
        "rung-new-copy": ["office"],
    }
    after, wrong = edition(PLAN, form(**typed))

    assert wrong == []
    ladder = {rung.name: rung for rung in after.ladder.rungs}
    assert (ladder["before-30"].days, ladder["before-30"].to) == (-45, ("performer", "lead"))
    assert "late-1" not in ladder
    assert ladder["late-7"].light == "red"
    assert after.ladder.rungs[-1].name == "slip-60"
    assert (after.slip_number(2014, 1), after.burden, after.scorecard.late) == (
        "粵督〔2014〕1號",
        12,
        50,
    )
    assert [change.name for change in changes(PLAN, after, "zh-Hans")] == [
        *("slip_prefix", "burden", "late"),
        *["rung"] * 5,
        "ladder_applies",
    ]


def test_a_new_reminder_stands_before_what_is_due_later():
    after, _ = edition(
        PLAN,
        form(**{"rung-new-days": "-3", "rung-new-to": ["performer"], "rung-new-form": "notice"}),
    )
    order = [rung.name for rung in after.ladder.rungs]
    assert order.index("before-7") < order.index("before-3") < order.index("before-1")


@pytest.mark.parametrize(
    ("typed", "field", "key"),
    [
        ({"slip_prefix": " "}, "slip_prefix", "plan-settings-line"),
        ({"burden": "0"}, "burden", "plan-settings-number"),
        ({"score_late": "many"}, "score_late", "plan-settings-number"),
        ({"score_late": "200"}, "score_on_time", "plan-scorecard"),
        ({at("before-30", "days"): "x"}, at("before-30", "days"), "plan-settings-number"),
        ({at("unsigned-5", "days"): "0"}, at("unsigned-5", "days"), "plan-rung-days"),
        ({at("before-30", "to"): []}, at("before-30", "to"), "plan-settings-to"),
        ({at("late-every-15", "every"): "0"}, at("late-every-15", "every"), "plan-settings-number"),
        ({at("progress", "drop"): "yes"}, "ladder_applies", "plan-rung-silent"),
        (
            {f"rung-{n}-drop": "yes" for n in range(len(RUNGS))},
            "ladder_applies",
            "plan-settings-number",
        ),
        ({"rung-new-days": "3"}, "rung-new-to", "plan-settings-to"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(typed, field, key):
    after, wrong = edition(PLAN, form(**typed))

    assert after is None
    assert (wrong[0].name, wrong[0].error.key) == (field, key)


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_every_rung_has_words(lang):
    assert all(rung_line(lang, rung) for rung in PLAN.ladder.rungs)
    assert settings_form.rung_line(lang, None) == "—"
