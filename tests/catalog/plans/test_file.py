"""A plan's file is taken whole, or refused with the line of its first fault."""

from __future__ import annotations

import time
from datetime import date

import pytest

from catalog.errors import InvalidError, NotFoundError
from catalog.plans.load import load_plan, plan_in, plan_names

SMALL = """\
plan = "harbour-2014"
title = "Harbour plan"
issued_on = 2014-03-01
starts_on = 2014-01-01
ends_on = 2015-12-31
office = "office"

[[agency]]
id = "office"
name = "Harbour office"
kind = "office"
host = "port"

[[agency]]
id = "port"
name = "Port bureau"
kind = "department"

[[agency]]
id = "north"
name = "North city"
aliases = ["North"]
kind = "city"

[[agency]]
id = "south"
name = "South city"
kind = "city"

[[group]]
id = "cities"
name = "The cities"
members = ["north", "south"]

[[measure]]
number = "1"
chapter = "One"
section = "First"
title = "Quays"
lead = "port"
participants = ["cities"]

[[measure.obligation]]
id = "meeting"
kind = "meeting"
title = "Meet"
says = "each year"
basis = "plan"
recurrence = "yearly"
quota = { min = 1, max = 2 }

[[measure.obligation]]
id = "quay"
kind = "milestone"
title = "Build"
says = "by 2014"
basis = "plan"
parties = "cities"
due_on = 2014-12-31

[[measure.target]]
id = "ships"
indicator = "Ships"
value = 7.5
unit = "%"
by = 2015-12-31
says = "7.5%"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "plan.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_groups_are_spelled_out_and_ids_are_full(write):
    measure = load_plan(write(SMALL)).measure("1")
    assert measure.participants == ("north", "south")
    assert [o.id for o in measure.obligations] == ["1.meeting", "1.quay"]
    assert measure.obligations[1].parties == ("north", "south")


def test_a_list_may_mix_groups_and_agencies_and_names_each_once(write):
    text = SMALL.replace('parties = "cities"', 'parties = ["south", "cities", "port"]')
    assert load_plan(write(text)).obligation("1.quay").parties == ("south", "north", "port")


def test_a_plan_may_bring_its_own_ladder(write):
    text = SMALL + '\n[[rung]]\nname = "late-3"\nwhen = "due"\ndays = 3\nto = ["lead"]\n'
    assert [rung.name for rung in load_plan(write(text)).ladder.rungs] == ["late-3"]


def test_a_plan_may_bring_its_own_formula_for_scores(write):
    text = SMALL.replace("[[agency]]", "[scorecard]\nlate = 70\nlead = 0\n\n[[agency]]", 1)
    formula = load_plan(write(text)).scorecard
    assert (formula.on_time, formula.late, formula.lead) == (100, 70, 0)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("late = 101", "plan-scorecard"),
        ("later = 1", "plan-key-unknown"),
        ("late = -1", "plan-value"),
    ],
)
def test_a_formula_that_does_not_fit_is_named_with_its_line(write, said, key):
    path = write(SMALL.replace("[[agency]]", f"[scorecard]\n{said}\n\n[[agency]]", 1))
    with pytest.raises(InvalidError) as refused:
        load_plan(path)
    assert refused.value.key == key
    assert refused.value.values["place"] in (f"{path}:8", f"{path}:9")


def test_a_file_saved_on_windows_is_read(write):
    plan = load_plan(write(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()))
    assert plan.obligation("1.quay").due_on == date(2014, 12, 31)


MEETING = '[[measure.obligation]]\nid = "meeting"'
QUAY = '[[measure.obligation]]\nid = "quay"'
# What is changed into what, the key, and where the fault is told when not at the change itself.
FAULTS = {
    "syntax": ('title = "Harbour plan"', "title = Harbour", "plan-syntax", ""),
    "double key": ('title = "Quays"', 'title = "Quays"\ntitle = "Q"', "plan-syntax", 'title = "Q"'),
    "30 February": ("2014-12-31", "2014-02-30", "plan-syntax", ""),
    "unknown key": (
        'basis = "plan"\nparties',
        'bases = "plan"\nparties',
        "plan-key-unknown",
        "bases",
    ),
    "unknown table": ("[[group]]", "[[grope]]", "plan-key-unknown", ""),
    "field for table": ("[[measure.target]]", "[[measure.targets]]", "plan-key-unknown", ""),
    "missing key": ('says = "by 2014"\n', "", "plan-key-missing", QUAY),
    "text for a date": ("due_on = 2014-12-31", 'due_on = "2014-12-31"', "plan-value", ""),
    "time for a date": ("due_on = 2014-12-31", "due_on = 2014-12-31T08:00:00", "plan-value", ""),
    "yes for a figure": ("value = 7.5", "value = true", "plan-value", ""),
    "infinite figure": ("value = 7.5", "value = inf", "plan-value", ""),
    "capital in an id": ('id = "quay"', 'id = "Quay"', "plan-id", ""),
    "number in an id": ('id = "quay"', 'id = "1.quay"', "plan-id", ""),
    "unknown kind": ('kind = "milestone"', 'kind = "wish"', "plan-value", ""),
    "says too long": ('says = "by 2014"', f'says = "{"月" * 25}"', "plan-value", ""),
    "line break in a title": ('title = "Build"', 'title = "Bu\\r\\nBcc: x"', "plan-value", ""),
    "right-to-left mark": ('name = "South city"', 'name = "\\u202eSouth"', "plan-value", ""),
    "table of no plan": ("[[measure.target]]", "[annex]", "plan-key-unknown", ""),
    "once undated": ("due_on = 2014-12-31\n", "", "plan-once-undated", QUAY),
    "recurring dated": (
        "quota = {",
        "due_on = 2014-12-31\nquota = {",
        "plan-recurring-dated",
        MEETING,
    ),
    "once recurring": ("due_on = 2", "since = 2014-01-01\ndue_on = 2", "plan-once-recurring", QUAY),
    "quota upside down": ("min = 1, max = 2", "min = 3, max = 2", "plan-quota-order", ""),
    "growth that is no rate": (
        'unit = "%"',
        'unit = "ships"\nmeasured = "average-growth"',
        "plan-growth",
        "[[measure.target]]",
    ),
    "due after the term": ("2014-12-31", "2016-01-01", "plan-outside-term", ""),
    "due before it opens": ("2014-12-31", "2014-02-01", "plan-due-before-open", ""),
    "term upside down": ("starts_on = 2014", "starts_on = 2016", "plan-term-order", "ends_on"),
    "unknown lead": ('lead = "port"', 'lead = "prot"', "plan-agency-unknown", ""),
    "unknown participant": ('["cities"]', '["towns"]', "plan-agency-unknown", ""),
    "unknown party": ('parties = "cities"', 'parties = "towns"', "plan-agency-unknown", ""),
    "unknown member": ('["north", "south"]', '["north", "east"]', "plan-agency-unknown", ""),
    "group in itself": ('["north", "south"]', '["north", "cities"]', "plan-agency-unknown", ""),
    "host in itself": ('host = "port"', 'host = "office"', "plan-agency-unknown", ""),
    "office not an office": ('office = "office"', 'office = "port"', "plan-office-kind", ""),
    "unknown office": ('office = "office"', 'office = "bureau"', "plan-agency-unknown", ""),
    "lead takes part": ('["cities"]', '["port"]', "plan-lead-participates", ""),
    "agency id twice": ('id = "south"', 'id = "north"', "plan-id-twice", ""),
    "obligation id twice": ('id = "quay"', 'id = "meeting"', "plan-id-twice", ""),
    "target named as an obligation": ('id = "ships"', 'id = "quay"', "plan-id-twice", ""),
    "name twice": ('name = "South city"', 'name = "North"', "plan-name-twice", ""),
    "once turned": ("due_on = 2", 'due = "end + 1 day"\ndue_on = 2', "plan-once-turned", QUAY),
    "once with a first part": (
        "due_on = 2",
        'first_part = "whole"\ndue_on = 2',
        "plan-once-turned",
        QUAY,
    ),
    "no day of a period": ("quota = {", 'due = "31 March"\nquota = {', "plan-edge", 'due = "31'),
    "anchored and turned": (
        "quota = {",
        'anchor = 2014-06-30\ndue = "end + 1 day"\nquota = {',
        "plan-anchor-turned",
        MEETING,
    ),
    "due before its period opens it": (
        "quota = {",
        'opens = "end + 1 day"\nquota = {',
        "plan-period-order",
        'opens = "end',
    ),
    "no choice for a first part": (
        "quota = {",
        'first_part = "half"\nquota = {',
        "plan-value",
        'first_part = "half"',
    ),
    "a reason for the plan's own date": (
        "due_on = 2",
        'reason = "as planned"\ndue_on = 2',
        "plan-reason-of-plan",
        QUAY,
    ),
    "after an unknown one": (
        "due_on = 2",
        'after = ["pier"]\ndue_on = 2',
        "plan-after-unknown",
        "after = [",
    ),
    "after itself": (
        "due_on = 2",
        'after = ["1.quay"]\ndue_on = 2',
        "plan-after-circle",
        "after = [",
    ),
    "before what must be done first": (
        "due_on = 2014-12-31",
        'after = ["ships"]\ndue_on = 2014-06-30',
        "plan-after-earlier",
        "after = [",
    ),
    "unknown calendar": ("office = ", 'workdays = "XX"\noffice = ', "workdays-unknown", ""),
    "agenda of no meeting": (
        'kind = "milestone"',
        'agenda = ["1"]\nkind = "milestone"',
        "plan-agenda-kind",
        QUAY,
    ),
    "agenda of an unknown measure": (
        'kind = "meeting"',
        'kind = "meeting"\nagenda = ["9"]',
        "plan-agenda-measure",
        'agenda = ["9"]',
    ),
    "unknown zone": ("office = ", 'zone = "Asia/Canton"\noffice = ', "plan-zone-unknown", ""),
}


@pytest.mark.parametrize(("old", "new", "key", "at"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line(write, old, new, key, at):
    text = SMALL.replace(old, new, 1)
    line = text[: (text if at else SMALL).index(at or old)].count("\n") + 1
    path = write(text)
    with pytest.raises(InvalidError) as refused:
        load_plan(path)
    assert (refused.value.key, refused.value.values["place"]) == (key, f"{path}:{line}")


@pytest.mark.parametrize(
    ("text", "agenda"), [('"plan"', ("plan",)), ('["plan"]', ("plan",)), ('["1"]', ("1",))]
)
def test_an_agenda_is_of_measures_or_of_the_whole_plan(write, text, agenda):
    plan = load_plan(write(SMALL.replace('"meeting"\n', f'"meeting"\nagenda = {text}\n', 1)))
    assert plan.measures[0].obligations[0].agenda == agenda
    assert plan_in(plan.model_dump_json()) == plan


def test_a_plan_without_an_agenda_keeps_its_text(write):
    assert "agenda" not in load_plan(write(SMALL)).model_dump_json()


def test_of_several_faults_the_first_in_the_file_is_told(write):
    path = write(
        SMALL.replace('lead = "port"', 'lead = "x"').replace('host = "port"', 'host = "y"')
    )
    with pytest.raises(InvalidError) as refused:
        load_plan(path)
    assert refused.value.values == {"place": f"{path}:12", "agency": "y"}


def test_a_rung_that_does_not_fit_is_named_with_its_line(write):
    path = write(SMALL + '\n[[rung]]\nname = "late"\nwhen = "due"\ndays = 3\nto = ["nobody"]\n')
    with pytest.raises(InvalidError) as refused:
        load_plan(path)
    assert refused.value.values["place"] == f"{path}:73"


def test_a_file_that_is_not_utf8_is_refused_at_the_line(write):
    path = write(SMALL.replace("Quays", "碼頭").encode("big5"))
    with pytest.raises(InvalidError) as refused:
        load_plan(path)
    assert (refused.value.key, refused.value.values["place"]) == ("plan-not-utf8", f"{path}:39")


def test_a_file_of_10_mb_is_refused_unread(write):
    with pytest.raises(InvalidError) as refused:
        load_plan(write(b"#" * 10_000_000))
    assert refused.value.key == "plan-too-large"


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000, ""])
def test_a_hostile_or_empty_file_is_refused(write, text):
    with pytest.raises(InvalidError):
        load_plan(write(text))


@pytest.mark.parametrize("key", ["a." * 1_000_000 + "b", "[" + '"a" . ' * 100_000 + "b]"])
def test_a_key_of_very_many_parts_is_refused_at_once(write, key):
    begun = time.process_time()
    with pytest.raises(InvalidError) as refused:
        load_plan(write(f'plan = "x"\n{key} = 1'[:1_999_999]))
    assert refused.value.values["place"].endswith(":2")
    assert time.process_time() - begun < 2


def test_a_plan_that_is_nowhere_is_not_found():
    with pytest.raises(NotFoundError) as missing:
        load_plan("atlantis-1900")
    assert missing.value.values["known"] == ", ".join(plan_names())


def test_an_office_date_may_wait_in_a_file_and_a_duty_comes_after_others(write):
    text = SMALL.replace('basis = "plan"\nparties', 'basis = "office"\nparties')
    text = text.replace("due_on = 2014-12-31", 'after = ["meeting"]')
    quay = load_plan(write(text)).obligation("1.quay")
    assert (quay.is_undated, quay.after) == (True, ("1.meeting",))


def test_a_plan_without_the_new_fields_keeps_its_text(write):
    text = load_plan(write(SMALL)).model_dump_json()
    fields = ('"opens":', '"due":', '"first_part":', '"after":', '"reason":')
    assert not [field for field in fields if field in text]


def test_the_days_of_a_period_are_kept_as_they_were_written(write):
    turned = 'opens = "end + 1 day"\ndue = "end + 10 working days"\nquota = {'
    plan = load_plan(write(SMALL.replace("quota = {", turned, 1)))
    again = type(plan).model_validate_json(plan.model_dump_json())
    assert again == plan
    assert str(again.obligation("1.meeting").due) == "end + 10 working days"
