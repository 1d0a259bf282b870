"""Names of no register are collected once, into a register that a person checks."""

from __future__ import annotations

import pytest

from catalog.plans.contents import Agency
from catalog.reading.settling.unregistered import register_to_check, unregistered
from catalog.reading.who.register import Register, load_register

TEXT = """工作方案（2024年）
2024年1月5日
1.召开会议。（市商务局、市财
政局、甲县人民政府）
2.开展检查。（市商务局牵头，各县（市、区）政府配合）
"""
COMMERCE = Register(agencies=(Agency(id="commerce", name="市商务局", kind="department"),))


@pytest.mark.parametrize(
    ("register", "names"),
    [
        (
            Register(agencies=()),
            [
                ("市商务局", 2, 3),
                ("市财政局", 1, 3),
                ("甲县人民政府", 1, 4),
                ("各县（市、区）政府", 1, 5),
            ],
        ),
        (
            COMMERCE,
            [("市财政局", 1, 3), ("甲县人民政府", 1, 4), ("各县（市、区）政府", 1, 5)],
        ),
    ],
)
def test_each_name_stands_once_with_its_line(drafted, register, names):
    assert list(unregistered(drafted(TEXT, register))) == names


def test_the_register_to_check_holds_what_was_known_and_what_was_not(drafted, tmp_path):
    made = drafted(TEXT, COMMERCE)
    file = tmp_path / "city.agencies.toml"
    file.write_text(register_to_check(made, unregistered(made)), encoding="utf-8")
    checked = load_register(str(file))
    assert [(a.id, a.name, a.kind) for a in checked.agencies] == [
        ("commerce", "市商务局", "department"),
        ("new-1", "市财政局", "department"),
        ("new-2", "甲县人民政府", "city"),
    ]
    again = drafted(TEXT, checked)
    assert [name.name for name in unregistered(again)] == ["各县（市、区）政府"]
    assert again.measures[0].lead == "commerce"


def test_nothing_is_taken_from_a_name_nobody_checked(drafted):
    made = drafted(TEXT, Register(agencies=()))
    assert [(m.lead, m.participants) for m in made.measures] == [(None, ()), (None, ())]
    assert made.register.agencies == ()


def test_a_text_names_a_share_of_a_register(guangdong_register):
    assert guangdong_register.share_in("省财政厅、省科技厅") == pytest.approx(
        2 / len(guangdong_register.agencies)
    )
    assert COMMERCE.share_in("市商務局") == 1
