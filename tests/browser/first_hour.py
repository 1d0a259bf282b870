"""The first hour of an office: from an empty home to the first delivered letters, in a browser.

`first_hour` walks a page through it, with a document and an Excel list of agencies and without a
command line. The test of it serves an empty home, and the handbook takes its pictures from it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Picture = Callable[[str], None]

PASSWORD = "山高水長 2026 duban"
DOCUMENT = """\
市促进高质量充分就业行动方案(2026-2027年)
2026年3月1日
一、稳定岗位
1.开展技能培训。2027年6月底前完成重点行业技能培训。(市人力资源社会保障局、市教育局负责)
2.定期会商。每年召开2-3次就业形势会商会议。(市发展改革委负责)
二、完善服务
3.建设平台。2027年9月底前建成就业服务平台。(市数据局、市财政局负责)
4.加强督导。每季度报告工作进展。(市人力资源社会保障局负责)
"""
AGENCIES = (
    ("单位名称", "联系人", "电子邮箱", "联系电话", "岗位"),
    ("市人力资源社会保障局", "王芳", "wang@hr.city.example", "8000-1101", "经办人"),
    ("市人力资源社会保障局", "赵刚", "zhao@hr.city.example", "8000-1100", "分管领导"),
    ("市教育局", "陈静", "chen@edu.city.example", "8000-1201", "经办人"),
    ("市发展改革委", "周平", "zhou@plan.city.example", "8000-1301", "经办人"),
    ("市数据局", "吴磊", "wu@data.city.example", "8000-1401", "经办人"),
    ("市财政局", "郑欣", "zheng@fin.city.example", "8000-1501", "经办人"),
)


@dataclass
class Walk:
    """A person at a page: clicks and fields are counted; `picture` is called at each station."""

    page: Page
    picture: Picture
    clicks: int = 0
    fields: int = 0
    began: float = field(default_factory=time.monotonic)

    def fill(self, **values: str) -> None:
        """Fill fields in by their names."""
        for name, value in values.items():
            self.page.fill(f"[name={name}]", value)
            self.fields += 1

    def click(self, selector: str) -> None:
        """Click and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.clicks += 1

    def upload(self, file: Path) -> None:
        """Choose a file in the field `upload`."""
        self.page.set_input_files("#upload", file)
        self.clicks += 1

    @property
    def seconds(self) -> float:
        """The time since the first page."""
        return time.monotonic() - self.began


def first_hour(
    page: Page, picture: Picture, *, code: str, smtp_port: int, folder: Path, base: str = ""
) -> Walk:
    """Set an office up on the empty home that `page` shows, up to the go; return the walk.

    `code` is the one-time code, `smtp_port` that of a mail server on this machine, `folder` takes
    the document and the list.
    """
    walk = Walk(page, picture)
    page.goto(f"{base}/")
    picture("code")
    walk.fill(code=code)
    walk.click("form[action='/setup/code'] button")
    _found(walk)
    _mail(walk, smtp_port)
    _agencies(walk, folder)
    _plan(walk, folder)
    picture("people")
    walk.click("form[action='/setup/people'] button.p")
    picture("start")
    walk.click("form[action='/setup/start'] button.p")
    picture("past")
    walk.click("form[action='/setup/past'] button.p")
    picture("preview")
    page.check("#knowingly")
    walk.clicks += 1
    walk.click("form[action='/setup/go'] button.p")
    picture("begun")
    return walk


def _found(walk: Walk) -> None:
    walk.fill(name="市政府督查室")
    walk.picture("office")
    walk.click("form[action='/setup/office'] button.p")
    walk.fill(name="李敏", login="limin", password=PASSWORD, again=PASSWORD, officer="li")
    walk.fill(mail="li@office.city.example", telephone="8000-1001")
    walk.picture("administrator")
    walk.click("form[action='/setup/administrator'] button.p")


def _mail(walk: Walk, port: int) -> None:
    walk.fill(host="127.0.0.1", port=str(port), mail_from="duban@city.example")
    walk.page.select_option("#way", "none")
    walk.picture("mail")
    walk.click("form[action='/setup/mail'] button.p")
    walk.click("form[action='/setup/mail/test'] button")
    walk.picture("test-letter")
    walk.click("a[href='/setup/agencies'].p")


def _agencies(walk: Walk, folder: Path) -> None:
    book = Workbook()
    for row in AGENCIES:
        book.active.append(row)
    file = folder / "责任单位通讯录.xlsx"
    book.save(file)
    walk.upload(file)
    walk.picture("list-chosen")
    walk.click("form[action='/setup/agencies'] button.p")
    walk.picture("agencies")
    walk.click("a[href='/setup/plan'].p")


def _plan(walk: Walk, folder: Path) -> None:
    file = folder / "行动方案.txt"
    file.write_text(DOCUMENT, encoding="utf-8")
    walk.picture("plan")
    walk.upload(file)
    walk.click("form[action='/setup/plan/document'] button")
    walk.picture("document")
    _settle(walk)
    walk.picture("settled")
    walk.click("a[href^='/plans/publish?draft=']")
    walk.click("form[action='/setup/plan'] input[value=draft] ~ button")
    walk.picture("chosen")
    if walk.page.locator("form[action='/setup/plan/dates']").count():
        walk.click("form[action='/setup/plan/dates'] button.p")
    else:
        walk.click("a[href='/setup/people'].p")


def _settle(walk: Walk) -> None:
    """Answer every question by its last reading, then take what is left."""
    page = walk.page
    while page.locator("form.ask input[type=radio]").count():
        form = page.locator("form.ask").filter(has=page.locator("input[type=radio]")).first
        form.locator("input[type=radio]").last.check()
        walk.clicks += 1
        with page.expect_navigation():
            form.locator("button").click()
        walk.clicks += 1
    while page.locator("button[value=take]").count():
        walk.click("button[value=take]")
