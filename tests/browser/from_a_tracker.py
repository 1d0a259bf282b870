"""The walk of an office in mid-plan: its tracker of 40 past rows is settled in the browser."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl import Workbook

from catalog.plans.load import load_plan
from tasks.clock import time_zone
from tasks.people import passwords, users
from tasks.plans.publish import publish
from tasks.post.contacts import Contact, reach
from tasks.sweep.sweep import sweep
from tasks.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from ledger.session import Ledger

PLAN, OFFICE, ZONE = "key-works", "office/officer", "Asia/Shanghai"
PASSWORD = "one tracker, forty rows"
AGENCIES = {
    "housing": "市住房城乡建设局",
    "water": "市水务局",
    "education": "市教育局",
    "civil": "市民政局",
    "transport": "市交通运输局",
    "city": "市城市管理局",
    "commerce": "市商务局",
    "finance": "市财政局",
}
WORKS = (
    ("老旧小区改造", "housing"),
    ("污水管网改造", "water"),
    ("中小学扩建", "education"),
    ("社区养老服务站建设", "civil"),
    ("公交场站建设", "transport"),
    ("河道综合治理", "water"),
    ("口袋公园建设", "city"),
    ("电梯加装", "housing"),
    ("农贸市场改造", "commerce"),
    ("产业园区道路建设", "transport"),
)
STEPS = ("完成方案编制", "完成项目招标", "开工建设", "完成主体工程", "竣工验收")
PAST_STEPS, EVERY = 4, 7  # steps that are due before the start day; days between two due dates
HEADS = (
    "序号",
    "工作任务",
    "牵头单位",
    "配合单位",
    "完成时限",
    "完成状态",
    "完成时间",
    "佐证",
    "存在问题",
)


class Task(NamedTuple):
    """A duty of the plan: its measure and obligation, words, agency and due date."""

    measure: int
    obligation: str
    title: str
    agency: str
    due_on: dt.date


class Walk(NamedTuple):
    """What the walk cost: seconds at this machine, clicks, and fields filled in."""

    seconds: float
    clicks: int
    fields: int


def tasks(today: dt.date) -> Iterator[Task]:
    """Yield the duties of the plan: forty due before `today`, ten after it."""
    first = today - dt.timedelta(days=EVERY * len(WORKS) * PAST_STEPS + 3)
    for turn, step in enumerate(STEPS):
        for number, (work, agency) in enumerate(WORKS):
            days = EVERY * (turn * len(WORKS) + number) + (30 if turn == PAST_STEPS else 0)
            title = f"{step[:2]}{work}{step[2:]}" if step.startswith("完成") else f"{work}{step}"
            day = first + dt.timedelta(days=days)
            yield Task(number + 1, f"step{turn + 1}", title, agency, day)


def prepare(ledger: Ledger, at: dt.datetime, folder: Path) -> None:
    """Put the plan in force in its middle, with one officer of the office who may sign in."""
    today = _day(at)
    path = folder / "plan.toml"
    path.write_text(_toml(today), encoding="utf-8")
    plan = load_plan(path)
    publish(ledger, plan, at=at, actor=OFFICE, start_on=today)
    positions = [
        Contact(agency, position, "mail", f"{position}.{agency}@cast.example")
        for agency in ("office", *AGENCIES)
        for position in ("officer", "head", "leader")
    ]
    reach(ledger, positions, at=at, actor=OFFICE)
    clerk = users.Newcomer(OFFICE, "陈文静", "office")
    users.add(ledger, [clerk], since=plan.starts_on, at=at, actor=OFFICE)
    passwords.set_password(ledger, [OFFICE], PASSWORD, at=at, actor=OFFICE)
    sweep(ledger, Tick(PLAN, today, at))


def tracker(today: dt.date) -> bytes:
    """Return the spreadsheet that the office kept until `today`, as such offices keep theirs."""
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "重点工作台账"
    sheet.append([f"{today.year}年市政府重点工作推进台账"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    sheet.append(list(HEADS))
    for number, task in enumerate(_past(today), 1):
        sheet.append([number, *_cells(number, task)])
    book.save(content)
    return content.getvalue()


def walk(
    page: Page, picture: Callable[[str], object], *, folder: Path, by_keyboard: bool = False
) -> Walk:
    """Settle the past of the plan from the tracker, and return what it cost.

    The page stands at a desk on which nobody is signed in; `folder` is where the file is put.
    """
    began, hand = time.monotonic(), _Hand(page, by_keyboard=by_keyboard)
    upload = folder / "重点工作台账.xlsx"
    upload.write_bytes(tracker(_day(dt.datetime.now(dt.UTC))))
    page.goto("/sign-in")
    hand.fill("#user", OFFICE)
    hand.fill("#password", PASSWORD)
    hand.press("form.form button, main form button")
    page.goto("/ledger")
    hand.press("main a[href='/trackers']")
    hand.press("input[name=use][value=past]", moves=False)
    page.set_input_files("#upload", upload)
    picture("tracker-upload")
    hand.press("main form[enctype] button")
    done = HEADS.index("完成时间")
    hand.choose(page.locator(f"#column-{done}"), "done")
    picture("tracker-columns")
    hand.press("main form.form button.p")
    picture("tracker-rows")
    hand.press("a[href$='show=asked']")
    _answer(page, hand)
    picture("tracker-answers")
    hand.press("button[value=save]")
    picture("tracker-ready")
    hand.press("button[value=take]")
    picture("tracker-receipt")
    return Walk(time.monotonic() - began, hand.clicks, hand.fields)


class _Hand:
    """The hand of the person: it clicks, or types, and counts both."""

    def __init__(self, page: Page, *, by_keyboard: bool) -> None:
        self.page, self.by_keyboard = page, by_keyboard
        self.clicks = self.fields = 0

    def press(self, selector: str, *, moves: bool = True) -> None:
        """Click, or press the key for it; with `moves` another page is awaited."""
        self.clicks += 1
        target = self.page.locator(selector).first
        if not moves:
            self._press(target, "Space")
            return
        with self.page.expect_navigation():
            self._press(target, "Enter")

    def fill(self, selector: str, text: str) -> None:
        self.type(self.page.locator(selector).first, text)

    def type(self, target: Locator, text: str) -> None:
        self.fields += 1
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        self.fields += 1
        target.select_option(value)

    def _press(self, target: Locator, key: str) -> None:
        if self.by_keyboard:
            target.focus()
            target.press(key)
        else:
            target.click()


def _answer(page: Page, hand: _Hand) -> None:
    """Answer what is asked: which duty, which day, what came of it, and why not."""
    for select in page.locator("li.open > div > .field select").all():
        if not select.input_value():
            options = select.locator("option").all()
            values = [option.get_attribute("value") or "" for option in options]
            hand.choose(select, next(value for value in values if value not in {"", "-"}))
    for each in page.locator("li.open > div > .field input[type=text]").all():
        name = each.get_attribute("name") or ""
        if not each.input_value() and not name.endswith("-typed"):
            is_day = each.get_attribute("inputmode") == "numeric"
            hand.type(each, str(_day(dt.datetime.now(dt.UTC))) if is_day else "资金尚未到位")


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(time_zone(ZONE)).date()


def _past(today: dt.date) -> list[Task]:
    return [task for task in tasks(today) if task.due_on < today]


def _cells(number: int, task: Task) -> list[Any]:
    """Return the cells of a row, each day as somebody typed it."""
    done_on = task.due_on - dt.timedelta(days=number % 5)
    title, lead = task.title, AGENCIES[task.agency]
    helpers = "市财政局、市住房城乡建设局" if number % 3 == 0 else ""
    due: Any = (task.due_on, f"{task.due_on:%Y.%-m.%-d}", f"{task.due_on:%Y年%-m月%-d日}")[
        number % 3
    ]
    done: Any = (f"{done_on:%Y/%-m/%-d}", done_on, f"{done_on.month}月{done_on.day}日")[number % 3]
    state, proof, problem = "已完成", "验收报告" if number % 4 == 0 else "", ""
    if number == 11:
        title = title.removeprefix("完成")
    if number == 12:
        done = ""
    if number in {18, 27, 36}:
        state, done, problem = "未完成", "", "征地尚未完成"
    if number == 29:
        state, done = "未完成", ""
    if number in {33, 38, 40}:
        state, done = "正在推进", ""
    return [title, lead, helpers, due, state, done, proof, problem]


def _toml(today: dt.date) -> str:
    """Return the file of the plan."""
    every = list(tasks(today))
    lines = [
        f'plan = "{PLAN}"',
        'title = "市政府重点工作推进计划"',
        f"issued_on = {every[0].due_on - dt.timedelta(days=30)}",
        f"starts_on = {every[0].due_on - dt.timedelta(days=30)}",
        f"ends_on = {every[-1].due_on + dt.timedelta(days=60)}",
        "edition = 1",
        f'zone = "{ZONE}"',
        'workdays = "CN"',
        'office = "office"',
        '[[agency]]\nid = "office"\nname = "市政府督查室"\nkind = "office"\nhost = "housing"',
    ]
    for id_, name in AGENCIES.items():
        lines.append(f'[[agency]]\nid = "{id_}"\nname = "{name}"\nkind = "department"')
    for number, (work, agency) in enumerate(WORKS, 1):
        lines.append(
            f'[[measure]]\nnumber = "{number}"\nchapter = "一、重点工作"\nsection = "（一）项目"'
            f'\ntitle = "{work}"\nlead = "{agency}"'
        )
        lines += [_obligation(task) for task in every if task.measure == number]
    return "\n".join(lines)


def _obligation(task: Task) -> str:
    return (
        f'[[measure.obligation]]\nid = "{task.obligation}"\nkind = "milestone"\n'
        f'title = "{task.title}"\nsays = "{task.title}"\nbasis = "plan"\n'
        f"due_on = {task.due_on}"
    )
