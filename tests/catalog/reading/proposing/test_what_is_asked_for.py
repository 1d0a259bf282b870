"""Demands of single sentences: dates, recurrences, quotas, and open questions."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "江河市2024年工作方案\n江河市人民政府\n2024年1月5日\n一、任务\n1."
UNTIL = "江河市关于试点工作的意见\n江河市人民政府\n2024年1月5日\n一、任务\n1."


@pytest.fixture
def asked_for(drafted):
    """A function from a sentence, under that head, to its dates, quotas and questions."""

    def read(words, head=HEAD):
        draft = drafted(f"{head}{words}")
        proposals = [p for m in draft.measures for p in m.proposals if p.shape != "aside"]
        keys = ("due_on", "by", "anchor", "recurrence", "value")
        dates = [tuple(p.fields[k] for k in keys if k in p.fields) for p in proposals]
        quotas = [p.fields["quota"] for p in proposals if "quota" in p.fields]
        asks = [q.key for q in draft.questions if q.key[:4] in ("date", "figu", "targ")]
        return dates, quotas, asks

    return read


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        (
            "每年3月、9月各检查一次。",
            [(date(2024, 3, 31), "yearly"), (date(2024, 9, 30), "yearly")],
        ),
        ("6月30日、12月31日前上报台账。", [(date(2024, 6, 30),), (date(2024, 12, 31),)]),
        (
            "每年1月15日前、7月15日前，各单位将进展报市商务局。",
            [(date(2024, 1, 15), "yearly"), (date(2024, 7, 15), "yearly")],
        ),
        ("每年9-10月举办运动会。", [(date(2024, 10, 31), "yearly")]),
        ("2024年第三季完成修订；第四季提交。", [(date(2024, 9, 30),), (date(2024, 12, 31),)]),
        ("建立月调度、季通报机制。", [("monthly",), ("quarterly",)]),
        ("2024.5.20前报送总结，6.25前报送台账。", [(date(2024, 5, 20),), (date(2024, 6, 25),)]),
        ("9月前完成。", [()]),
        ("每半年（6月、12月）报送进展。", [("half-yearly",)]),
        ("今年6月15日前印发；明年首季评估。", [(date(2024, 6, 15),), (date(2025, 3, 31),)]),
        ("每年12月10日前报送年度总结。", [(date(2024, 12, 10), "yearly")]),
        ("每旬监测、每月分析。", [(), ("monthly",)]),
        ("改造。\n完成时限：2024年8月；2024年12月", [(date(2024, 8, 31),), (date(2024, 12, 31),)]),
        (
            "建设。\n①2024年6月新增事项30项以上；\n②设立专窗不少于10个。",
            [(date(2024, 6, 30), 30), (date(2024, 12, 31), 10)],
        ),
        ("年底前提请审议。", [(date(2024, 12, 31),)]),
    ],
)
def test_every_date_of_a_sentence_is_read(asked_for, words, dates):
    assert asked_for(words)[0] == dates


@pytest.mark.parametrize(
    ("words", "quotas"),
    [
        ("每年培训最少1,000名护士。", [{"min": 1000}]),
        ("每年举办赛事20场次以上。", [{"min": 20}]),
        ("每月至少开展1次、全年不少于12次公益指导。", [{"min": 1}, {"min": 12}]),
        ("合共建成不少于72,000个单位的土地。", [{"min": 72000}]),
        ("在完成首批45项中余下的27项的基础上，选取10项进行优化。", [{"min": 10, "max": 10}]),
    ],
)
def test_every_count_is_a_quota_and_what_is_done_already_is_none(asked_for, words, quotas):
    assert asked_for(words)[1] == quotas


@pytest.mark.parametrize(
    ("words", "dates", "asks"),
    [
        ("到2035年全面建成。6月底前编制方案。", (date(2035, 12, 31),), ["date-doubtful"]),
        ("政策延长至明年3月底。7月底前印发办法。", (date(2025, 3, 31),), ["date-doubtful"]),
    ],
)
def test_a_later_year_of_another_sentence_is_only_offered(asked_for, words, dates, asks):
    read = asked_for(words, UNTIL)
    assert (read[0], read[2]) == ([dates, ()], asks)


@pytest.mark.parametrize("words", ["年内建成平台。", "明年首季完成检讨。", "本月底前完成自查。"])
def test_a_date_reckoned_from_a_day_of_issue_that_is_guessed_is_asked(asked_for, words):
    read = asked_for(words, "关于试点工作的意见\n一、任务\n1.")
    assert (read[0], read[2]) == ([()], ["date-doubtful"])


def test_a_date_behind_the_term_of_the_title_asks_for_its_end(drafted):
    draft = drafted(f"{HEAD}2025年6月底前建成平台。")
    (ask,) = [q for q in draft.questions if q.key == "term-exceeded"]
    assert ask.readings == ({"ends_on": date(2025, 12, 31)}, {})


def test_a_target_takes_no_date_from_a_deed_of_another_sentence(asked_for):
    read = asked_for("2024年6月底前完成修订。贷款增速高于40%。", UNTIL)
    assert read[2] == ["target-undated"]


def test_a_target_dated_by_a_label_is_not_asked_by_when(asked_for):
    dates, _, asks = asked_for("新增就业900万人。\n完成时限：2024年10月底前", UNTIL)
    assert (dates, asks) == ([(date(2024, 10, 31), 900)], [])


def test_a_date_behind_the_signature_is_asked_about(drafted):
    draft = drafted("1.召开会议。\n江河市人民政府\n2024年1月5日\n请于2024年3月1日前报送名单。")
    assert [q.key for q in draft.questions if q.about == "plan"][-1] == "date-outside"


def test_a_figure_that_is_only_quoted_beside_another_is_asked_about(asked_for):
    read = asked_for("到2024年底建成集聚区2个、消费街区10条以上1。")
    assert ([fields[-1] for fields in read[0]], read[2]) == ([2], ["figure-open"])


@pytest.mark.parametrize(
    ("words", "due_on", "reason"),
    [
        ("市商务局制定管理办法。", date(2024, 7, 5), "六个月"),
        ("市商務局制訂管理辦法。", date(2024, 7, 5), "六個月"),
    ],
)
def test_a_date_the_text_leaves_open_is_proposed_with_its_reason(drafted, words, due_on, reason):
    draft = drafted(f"{HEAD}{words}")
    (fields,) = [p.fields for m in draft.measures for p in m.proposals if p.shape != "aside"]
    assert (fields["basis"], fields["due_on"]) == ("office", due_on)
    assert reason in fields["reason"]
