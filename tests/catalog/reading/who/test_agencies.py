"""Leads and participants are read in every form, and a name of no register is a question."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.plans.contents import Agency, Group
from catalog.reading.who.register import Register

NAMES = {
    "commerce": "省商务厅",
    "finance": "省财政厅",
    "industry": "省工业和信息化厅",
    "science": "省科技厅",
    "culture": "文化和旅游厅",
    "customs": "海关广东分署",
    "inspection-a": "广东检验检疫局",
    "inspection-b": "深圳检验检疫局",
    "a": "甲市人民政府",
    "b": "乙市人民政府",
}
REGISTER = Register(
    agencies=tuple(
        Agency(
            id=agency,
            name=name,
            aliases=(f"{name[0]}市",) if len(agency) == 1 else (),
            kind="department",
        )
        for agency, name in NAMES.items()
    ),
    groups=(
        Group(id="cities", name="各市人民政府", aliases=("各市",), members=("a", "b")),
        Group(id="towns", name="各乡镇、街道", members=("a", "b")),
    ),
)


@pytest.fixture
def measure(drafted):
    """A function from the ending of an item to its agencies and the keys of its questions."""

    def read(ending, before=""):
        made = drafted(
            f"试点工作方案（2024年）\n2024年1月5日\n一、任务{before}\n1.推进试点。召开会议。{ending}\n",
            REGISTER,
        )
        asked = [(q.key, made.quote(q.span)) for q in made.questions if q.about == "1"]
        return made.measures[0].lead, made.measures[0].participants, asked

    return read


@pytest.mark.parametrize(
    ("ending", "lead", "participants"),
    [
        ("（省商务厅、财政厅，海关广东分署）", "commerce", ("finance", "customs")),
        (
            "（省商务厅、财政厅。列为首位的为牵头单位，其余为参与单位，下同）",
            "commerce",
            ("finance",),
        ),
        ("（省商务厅、省财政厅负责，排在第一位的部门为牵头部门，下同）", "commerce", ("finance",)),
        ("（负责部门：省商务厅、省财政厅；适用范围：全省）", "commerce", ("finance",)),
        ("\n责任单位：省商务厅、省财政厅", "commerce", ("finance",)),
        ("\n责任单位：省商务厅 省财政厅", "commerce", ("finance",)),
        (
            "\n牵头单位：省商务厅\n配合单位：省财政厅、各市人民政府",
            "commerce",
            ("finance", "a", "b"),
        ),
        ("【牵头单位：省商务厅；配合单位：省财政厅】", "commerce", ("finance",)),
        ("〔责任单位：省商务厅，省财政厅〕", "commerce", ("finance",)),
        ("（省商务厅牵头，省财政厅、省科技厅配合）", "commerce", ("finance", "science")),
        ("（由省商务厅牵头，省财政厅按职责分工负责）", "commerce", ("finance",)),
        ("（省财政厅、省商务厅（牵头）、省科技厅）", "commerce", ("finance", "science")),
        ("\n责任单位：省商务厅（牵头）、省财政厅（配合）", "commerce", ("finance",)),
        ("（省商务厅会同省财政厅、省科技厅）", "commerce", ("finance", "science")),
        ("（省商务厅会同省财政厅负责）", "commerce", ("finance",)),
        ("（由省商务厅指导，各市人民政府参与）", "commerce", ("a", "b")),
        ("（省商务厅和省财政厅负责）", "commerce", ("finance",)),
        ("（省工业和信息化厅、文化和旅游厅负责）", "industry", ("culture",)),
        ("（海关广东分署，广东、深圳检验检疫局）", "customs", ("inspection-a", "inspection-b")),
        ("（甲、乙市人民政府，省商务厅）", "a", ("b", "commerce")),
        ("(省商務廳、財政廳)", "commerce", ("finance",)),
        ("\n主要责任单位：省商务厅\n协同配合单位：省财政厅", "commerce", ("finance",)),
        ("\n主辦機關：省商務廳\n協辦機關：省財政廳", "commerce", ("finance",)),
        ("（牵头：省商务厅；配合：省财政厅、省科技厅）", "commerce", ("finance", "science")),
        ("\n责任部门：省商务厅（主办）、省财政厅（协办）", "commerce", ("finance",)),
        ("\n责任单位：省商务厅，各乡镇、街道", "commerce", ("a", "b")),
        ("（分管副省长、协管副秘书长负责，省商务厅牵头）", "commerce", ()),
        ("\n责任单位：省商务厅\n包保领导：李副市长", "commerce", ()),
        ("（省商务厅牵头，省财政厅配合，6月底前出台政策，年内持续推进）", "commerce", ("finance",)),
        ("（省商\n务厅、省财\n政厅）", "commerce", ("finance",)),
        ("由省商务厅牵头，省财政厅配合。", "commerce", ("finance",)),
        ("由省商务厅会同省财政厅制定办法。", "commerce", ("finance",)),
    ],
)
def test_a_form_names_the_lead_and_the_participants(measure, ending, lead, participants):
    assert measure(ending) == (lead, participants, [])


def test_a_heading_names_who_answers_for_what_stands_under_it(measure):
    read = measure("", before="（牵头单位：省商务厅；配合单位：省财政厅）")
    assert read == ("commerce", ("finance",), [])


def test_an_item_that_names_somebody_does_not_take_its_heading(measure):
    read = measure("（省科技厅）", before="（责任单位：省商务厅）")
    assert read == ("science", (), [])


@pytest.mark.parametrize(
    ("ending", "lead", "key", "phrase"),
    [
        ("（省商务厅、省财政厅按职责分工负责）", None, "lead-shared", "省商务厅、省财政厅"),
        ("（省商务厅、省财政厅分别负责）", None, "lead-shared", "省商务厅、省财政厅"),
        ("（各市人民政府负责）", None, "lead-group", "各市人民政府"),
        ("（各乡镇、街道负责）", None, "lead-group", "各乡镇、街道"),
        ("（省商务厅、丙镇）", "commerce", "agency-unknown", "丙镇"),
        ("（省商务厅、省财政厅等负责）", "commerce", "list-open", "等"),
        ("（省商务厅、有关部门）", "commerce", "list-open", "有关部门"),
        ("（省商务厅等有关部门负责）", "commerce", "list-open", "等有关部门"),
        ("（省商务局、省财政厅）", None, "lead-unknown", "省商务局"),
        ("（省商务厅、省财正厅）", "commerce", "agency-unknown", "省财正厅"),
        ("\n责任单位：省商务厅、张三", "commerce", "agency-unknown", "张三"),
        ("（省商务厅牵头，省级各有关部门及各市负责）", "commerce", "list-open", "省级各有关部门"),
        ("\n责任单位：省商务厅\n督导单位：省财政厅", "commerce", "agency-part", "省财政厅"),
        ("", None, "lead-missing", "推进试点"),
    ],
)
def test_what_is_not_plain_is_asked(measure, ending, lead, key, phrase):
    assert (measure(ending)[0], measure(ending)[2]) == (lead, [(key, phrase)])


@pytest.mark.parametrize(
    "name", ["省商务局", "商务厅厅", "省商务", "商务", "省科学技术厅", "省商务厅办公室"]
)
def test_a_distorted_name_is_offered_what_it_looks_like_and_never_taken(drafted, name):
    made = drafted(f"方案（2024年）\n1.召开会议。（{name}、省财政厅负责）", REGISTER)
    assert made.measures[0].lead is None
    assert made.register == REGISTER


@pytest.mark.parametrize(
    "bracket", ["（含内设机构）", "（2011年修订）", "（试行）", "（一次申报、一次放行）"]
)
def test_a_bracket_that_names_nobody_is_no_list_of_agencies(measure, bracket):
    assert [key for key, _ in measure(bracket)[2]] == ["lead-missing"]


@pytest.mark.parametrize(
    "ending",
    [
        "（省商务厅、省财政厅；2024年6月底前完成）",
        "（省商务厅、省财政厅负责，6月底前）",
        "（2024年6月底前完成，省商务厅牵头，省财政厅配合）",
        "（责任单位：省商务厅、省财政厅；完成时限：6月底前）",
        "\n责任单位：省商务厅、省财政厅　时间：6月底",
        "\n牵头单位：省商务厅（列第一位的负总责，下同）\n配合单位：省财政厅\n时限：6月底前",
    ],
)
def test_a_date_among_the_agencies_dates_the_item(drafted, ending):
    made = drafted(f"试点工作方案（2024年）\n2024年1月5日\n1.推进试点。{ending}\n", REGISTER)
    (measure,) = made.measures
    (proposal,) = measure.proposals
    assert (measure.lead, measure.participants) == ("commerce", ("finance",))
    assert (proposal.fields["due_on"], proposal.fields["title"]) == (date(2024, 6, 30), "推进试点")
