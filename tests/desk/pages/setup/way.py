"""The way through the setting up of an office, as its tests take it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    import httpx2

    from tests.desk.visitors import Browser

PASSWORD = "a long enough password"
LIST = """\
单位\t联系人\t邮箱\t电话\t岗位
市政府督查室\t李敏\tli@city.example\t010-1\t经办人
市教育局\t王芳\twang@edu.example\t010-2\t经办人
市教育局\t赵局\tzhao@edu.example\t\t分管领导
市财政局\t钱多\tqian@fin.example\t010-3\t经办人
"""
DOCUMENT = """\
市促进就业行动方案(2026-2027年)
2026年3月1日
一、培训
1.开展培训。2027年3月底前完成培训。(市教育局、市财政局负责)
2.定期会商。每年召开2-3次会商会议。(市财政局负责)
"""


def shown(browser: Browser, code: str) -> httpx2.Response:
    """Show the code, and return the answer."""
    return browser.post_form("/setup/code", shown_on="/setup", code=code)


def named(browser: Browser, code: str) -> None:
    """Show the code and name the office."""
    assert shown(browser, code).status_code == 200
    post(browser, "/setup/office", name="市政府督查室", lang="zh-Hans")


def founded(browser: Browser, code: str, **more: str) -> httpx2.Response:
    """Show the code, name the office, and add the administrator and the officer."""
    named(browser, code)
    fields = {
        "name": "李敏",
        "login": "admin",
        "password": PASSWORD,
        "again": PASSWORD,
        "same": "yes",
        "officer": "li",
        "mail": "li@city.example",
        "telephone": "010-1",
    }
    return post(browser, "/setup/administrator", **fields | more)


def post(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """Post the form of a page of the setting up."""
    return browser.post_form(path, shown_on="/setup/office", **fields)


def upload(browser: Browser, path: str, name: str, content: bytes, **fields: str):
    token = browser.get("/setup/office").text.split('name="token" value="')[1][:64]
    files = {"upload": (name, content)}
    return browser.post(path, data={"token": token, **fields}, files=files)


def workbook(text: str) -> bytes:
    book = Workbook()
    for line in text.splitlines():
        book.active.append(line.split("\t"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def founded_again(browser: Browser) -> httpx2.Response:
    fields = {"name": "李敏", "login": "admin", "password": PASSWORD, "again": PASSWORD}
    return post(browser, "/setup/administrator", same="yes", officer="li", **fields)


def begin(browser: Browser, code: str) -> None:
    """Go through every step but the last."""
    founded(browser, code)
    post(browser, "/setup/mail/later")
    post(browser, "/setup/agencies", text=LIST)
    answer = upload(browser, "/setup/plan/document", "方案.txt", DOCUMENT.encode(), code="jobs")
    draft = answer.url.path
    settle(browser, draft)
    post(browser, "/setup/plan", of="draft", draft=draft.rpartition("/")[2])
    people = {"take-0": "yes", "login-0": "wang", "take-1": "yes", "login-1": "qian"}
    post(browser, "/setup/people", **people)
    post(browser, "/setup/start", on="2026-11-20")


def settle(browser: Browser, draft: str) -> None:
    """Take every proposal of a draft."""
    while 'value="take"' in (page := browser.get(draft).text):
        about = page.split('value="take"')[0].rpartition('name="about" value="')[2].split('"')[0]
        browser.post_form(f"{draft}/say", shown_on=draft, about=about, deed="take")
