"""Ten trackers of different forms, each with its right reading: read, guessed and asked."""

from __future__ import annotations

import io

import pytest

from catalog.trackers.lines import read
from catalog.trackers.mapping import guess
from catalog.wording import has, languages
from tasks.spreadsheets.grids import grids
from tasks.spreadsheets.kinds import grids_of
from tests.trackers import REGISTER, TRACKERS

# Each line: row, number, title, lead + participants, days; `?` asks and `!` remarks.
EXPECTED = {
    "supervision.xlsx": """
督查台账: number title title lead participants due progress percent note; 2026
5 | 1 | 新建学校：完成选址 | edu + finance reform | 2026-06-30 | 一、教育类 | 100% | 已选址
  ! due year 2026-06-30
6 | 2 | 新建学校：开工建设 | edu | 2026-12-31 | 一、教育类 | 35.5% | 推进中
  ? lead agency-unknown '市水务局'
  ! lead lead-first 市教育局
8 | 3 | 拨付资金 | finance | quarterly | 二、财政类
  ! due recurrence quarterly
  ! hidden
  - 4 section
  - 7 section
  - 9 total
  - 10 note
""",
    "task-table.xls": """
任务分解表: number title title person lead due percent; 2026
3 | 1 | 推进老旧小区改造：完成方案编制 | housing | 2026-03-31 | 100%
4 | 1 | 推进老旧小区改造：开工20个小区 | housing | 2026-12-31 | 40%
  ? lead agency-unknown '县财政局' 市财政局
  ! person merged 王副县长
  ! lead lead-first 市住房和城乡建设局
5 | 2 | 开展节能宣传：组织宣传活动 | ? | quarterly | 25%
  ? lead agency-unknown '县发改局'
  ! due recurrence quarterly
  ! hidden
6 | 3 | 建成停车场：新增车位500个 | ? | 2026-06-30 | 0%
  ? lead agency-unknown '县城管局'
  - 7 total
""",
    "projects.ods": """
折子: number title lead participants due progress; 2026
3 | 001 | 建设慢行系统 | transport + housing | 2026-06-30 | 85%
4 | 002 | 改造路口 | transport | 2026-06-30 | 未开工
  ! lead merged 市交通运输局
  ! due year 2026-06-30
  - hidden column 会办单位
""",
    "meeting.csv": """
meeting: number title lead due progress next_step; 2026
3 | 1 | 制定停车管理办法 | transport + housing finance | 2026-05-20 | 正在起草
4 | 2 | 研究校车补贴 | edu
  ? due day-before '3月前' 2026-02-28 2026-03-31
  ! lead person
5 | 3 | 督办欠薪问题 | ? | 已清欠
  ? lead agency-unknown '市人社局'
  ? due day-standing '持续推进' 2026-12-31 quarterly yearly
  ! lead person
6 | 4 | 分解任务 | ?
  ? lead list-open '各有关部门'
  ? lead lead-group '各区' 东区 西区
  ? due day-vague '尽快'
  - 7 note
""",
    "hong-kong.csv": """
hong-kong: number title lead participants due status note; None
2 | 1 | 擴闊行人路 | transport | 2026-06-30 | 進行中
3 | 2 | 加裝健康資訊屏幕 | health + transport edu | 2026-04-03 | 已完成
  ! due order 2026-04-03
4 | 3 | 檢討嘅安排 | edu | 2026-07-01 | 2026-09-30
""",
    "actions.csv": """
actions: number title lead participants due status progress; None
3 | A1 | Publish the guide | edu + transport health | 2026-06-30 | Green | Draft; circulated
4 | A2 | Review the fees | edu + health | quarterly | Amber
  ! lead lead-first 市教育局
  ! due recurrence quarterly
5 | A3 | Open the clinic | ?
  ? lead agency-unknown 'Ms Chan'
  ? due day-standing 'Ongoing'
6 | A4 | Close the gap | transport
  ? due day-open 'TBC'
""",
    "oa-export.xls": """
oa-export: number title lead due progress; 2026
3 | 1 | 完善 应急预案 | health | 2026-06-30 | 已报送
  ! due year 2026-06-30
4 | 1 | 完善 应急预案 | edu | 2026-09-30 | 已报送
  ? progress merged '已报送' 已报送
  ! due year 2026-09-30
5 | 2 | 旧事项 | finance | 2026-03-01
  ! hidden
6 | 3 | 开展演练 | finance | half-yearly
  ! lead ditto 市财政局
  ! due recurrence half-yearly
""",
    "oa-2003.xls": """
台账: number title lead due done percent; None
3 | 1 | 修订制度 | office | 2026-06-30 | 50%
4 | 2 | 编制预算 | finance | done 2026-03-20
  ? due day-century '1926/3/31' 2026-03-31
""",
    "livelihood.tsv": """
livelihood: number title lead due progress; 2026
4 | 1 | 建设口袋公园 | housing | 2026-10-31
  ! due year 2026-10-31
5 | 2 | 增加学位 | edu | 2026-08-31
  ! due year 2026-08-31
8 | 3 | 改造厕所 | health
  ? due day-blank ''
  - 3 numbering
  - 6 title
  - 7 heads
  - 10 other-table
  - 11 other-table
""",
    "half-year.xlsx": """
2026年上半年: number title lead due done progress problem; 2026
2 | 1 | 起草规划 | reform | 2026-06-30 | done 2026-06-01 | 已完成
3 | 2 | 征求意见 | ? | 2026-06-30 | 已完成
  ? lead formula ''
  ? progress merged '已完成' 已完成
  ? problem error '#REF!'
4 | 3 |  | reform | 2026-12-31
  ? title title-missing ''
旧 hidden: number title lead; None
""",
}


def written(name):
    """The reading of a tracker as lines to compare."""
    return "".join(
        f"{line}\n" for grid in grids_of(TRACKERS[name](), name) for line in _lines(grid)
    )


def _lines(grid):
    mapping = guess(grid)
    reading = read(grid, mapping, REGISTER)
    roles = " ".join(mapping.columns[n] for n in sorted(mapping.columns))
    yield f"{grid.sheet}{' hidden' if grid.is_hidden else ''}: {roles}; {reading.year}"
    for line in reading.lines:
        bodies = " + ".join(filter(None, [line.lead or "?", " ".join(line.participants)]))
        done = line.done_on and f"done {line.done_on}"
        days = filter(None, (line.opens_on, line.due_on, line.recurrence, done))
        rest = filter(None, (line.chapter, line.percent, line.status, line.progress))
        cells = (line.row + 1, line.number, line.title, bodies, *days, *rest)
        yield " | ".join(map(str, cells))
        for doubt in line.doubts:
            yield f"  ? {doubt.role} {doubt.key} {doubt.text!r} {' '.join(doubt.readings)}".rstrip()
        for remark in line.remarks:
            if remark.role not in ("number", "title"):
                yield f"  ! {remark.role} {remark.key} {remark.reading}".rstrip()
        if line.is_hidden:
            yield "  ! hidden"
    for row in reading.skipped:
        yield f"  - {row.place.partition('!')[2]} {row.kind}"
    for head in reading.hidden:
        yield f"  - hidden column {head}"


@pytest.mark.parametrize("name", TRACKERS)
def test_a_tracker_is_read_as_a_person_reads_it(name):
    assert written(name) == EXPECTED[name].removeprefix("\n")


def test_a_tracker_is_read_in_a_child_process():
    name = "supervision.xlsx"
    assert grids(io.BytesIO(TRACKERS[name]()), name=name) == grids_of(TRACKERS[name](), name)


def test_every_doubt_and_remark_has_words_in_every_language():
    for name in TRACKERS:
        for grid in grids_of(TRACKERS[name](), name):
            reading = read(grid, guess(grid), REGISTER)
            keys = {f"tracker-row.{row.kind}" for row in reading.skipped}
            for line in reading.lines:
                keys |= {f"tracker-doubt.{doubt.key}" for doubt in line.doubts}
                keys |= {f"tracker-remark.{remark.key}" for remark in line.remarks}
            assert all(has(language, key) for language in languages() for key in keys)


def test_an_answer_is_read_in_place_of_the_words_in_doubt():
    name = "meeting.csv"
    (grid,) = grids_of(TRACKERS[name](), name)
    mapping = guess(grid)
    doubts = {d.id: d for line in read(grid, mapping, REGISTER).lines for d in line.doubts}
    answers = {
        i: {"day-before": "2026-03-31", "day-standing": "quarterly", "agency-unknown": "office",
            "lead-group": "东区", "list-open": "", "day-vague": "2026年5月底前"}[doubt.key]
        for i, doubt in doubts.items()
    }  # fmt: skip
    lines = read(grid, mapping, REGISTER, answers=answers).lines
    assert [line.doubts for line in lines] == [()] * 4
    assert [line.lead for line in lines] == ["transport", "edu", "office", "east"]
    assert [str(line.due_on or line.recurrence) for line in lines] == [
        "2026-05-20", "2026-03-31", "quarterly", "2026-05-31",
    ]  # fmt: skip


@pytest.mark.parametrize("name", TRACKERS)
def test_every_offered_reading_answers_its_doubt(name):
    for grid in grids_of(TRACKERS[name](), name):
        mapping = guess(grid)
        for line in read(grid, mapping, REGISTER).lines:
            for doubt in line.doubts:
                for answer in doubt.readings:
                    again = read(grid, mapping, REGISTER, answers={doubt.id: answer}).lines
                    still = next(each for each in again if each.row == line.row).doubts
                    assert doubt not in still
