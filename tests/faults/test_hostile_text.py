"""Texts that would be markup, lines, formulas or paths, in every field: they stay texts."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from icalendar import Calendar
from lxml import html
from openpyxl import load_workbook

from catalog.clean import clean
from desk.access import signin, tokens
from ledger.duties import duties, life
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.people import users
from tasks.post.deliver import deliver
from tests.faults.conftest import AT
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from pathlib import Path

ON = dt.date(2014, 1, 24)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ONE_LINE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "out of an attribute": "\"'><svg onload=alert(1)><a href=javascript:alert(1)>x</a>",
    "template": "{{7*7}}{% raw %}${7*7}#{7*7}%s{0}",
    "entity": "&lt;b&gt;&#60;script&#62;",
    "formula": '=HYPERLINK("http://evil.example";"x")',
    "sum": "+SUM(1;1)",
    "minus": "-1+1|cmd",
    "at": "@SUM(A1)",
    "wide": "＝1+1",
    "encoded word": "=?utf-8?B?PHNjcmlwdD4=?=",
    "long": "督" * 100,
}
LINES = {
    "header": "甲\r\nBcc: all@evil.example\r\n\r\n<b>x</b>",
    "event": "甲\nEND:VEVENT\nBEGIN:VALARM\nATTENDEE:mailto:all@evil.example",
    "controls": "甲\x00\x07\x1b[31m\x7f乙",
    "marks": "甲\u202egpj.exe\u2066\u200f\u2028乙",
}
TEXTS = ONE_LINE | LINES
OWN_HEADERS = {
    "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type",
    "content-transfer-encoding", "x-duban-demo", "x-duban-from",
}  # fmt: skip
OF_EVENT = {
    "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "TRANSP", "STATUS", "URL",
}  # fmt: skip
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose plan, agencies' people and duties are named by those texts."""
    folder = tmp_path_factory.mktemp("hostile")
    titles = [ONE_LINE.get(name, f"事項{name}") for name in TEXTS]
    duties_ = [{"id": f"t{n}", "title": title} for n, title in enumerate(titles)]
    with Ledger.open(load_settings({"DUBAN_HOME": str(folder / "home")})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(folder, *duties_, title=ONE_LINE["markup"]))
        sly = [
            users.Newcomer(f"{agency}/sly", f"{ONE_LINE['markup']}{agency}", agency, role)
            for agency, role in (("trade", "officer"), ("office", "officer"))
        ]
        users.add(ledger, sly, since=ISSUED, at=world.at, actor="office/officer")
        world.sweep(ISSUED)
        world.deliver()
        world.sweep(ON)
    return folder / "home"


def key(n: int) -> str:
    return f"small-2013/1.t{n}/-/once"


def sends(browser, duty: str, deed: str, **fields: str) -> Any:
    token = signin.form_token(browser.cookies["duban"])
    return browser.post(f"/duty/{duty}/do/{deed}", data={"token": token, **fields})


def strange(page: str) -> list[str]:
    """Return what no page of ours has: foreign scripts, handlers, addresses, elements."""
    found = []
    for element in html.fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        own = element.tag != "script" or element.get("src", "").startswith("/static/")
        ours = element.tag not in {"img", "iframe", "object", "embed", "base", "style"}
        ours |= element.tag == "img" and element.get("src", "").startswith("/help/pictures/")
        quiet = not [name for name in element.attrib if name.startswith(("on", "style"))]
        to = [element.get(name, "/") for name in ("href", "src", "action", "formaction")]
        inside = all(not each or each[0] in "/#?" for each in to)
        if not (own and ours and quiet and inside):
            found.append(html.tostring(element, encoding="unicode")[:120])
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_every_field_of_a_deed_is_a_text_on_the_page_of_its_duty(signed_in, name):
    text, duty = TEXTS[name], key(list(TEXTS).index(name))
    trade, office = signed_in("trade"), signed_in("office")
    sends(trade, duty, "acknowledge")
    for deed in ("progress", "comment", "raise-problem"):
        assert sends(trade, duty, deed, text=text).status_code == 303
    assert sends(trade, duty, "ask-extension", to="2015-12-31", reason=text).status_code == 303
    assert sends(office, duty, "refuse-extension", reason=text).status_code == 303
    refused = sends(trade, duty, "ask-extension", to=text, reason=text)
    shown, printed = (trade.get(f"/duty/{duty}{end}") for end in ("", "/print"))

    assert [page.status_code for page in (refused, shown, printed)] == [422, 200, 200]
    assert [strange(page.text) for page in (refused, shown, printed)] == [[], [], []]
    words = " ".join(clean(text).split())
    assert words in " ".join(html.fromstring(shown.text).text_content().split())


@pytest.mark.parametrize(
    ("agency", "paths"),
    [
        ("trade", ("/in", "/ledger", "/calendar", "/gantt")),
        ("office", ("/", "/ledger", "/problems", "/extensions", "/review", "/slips", "/plans")),
    ],
)
def test_no_list_has_an_element_that_a_text_brought(signed_in, agency, paths):
    browser = signed_in(agency)
    pages = [browser.get(path) for path in paths]
    pages += [browser.get("/ledger", params={"q": text}) for text in TEXTS.values()]

    assert {page.status_code for page in pages} == {200}
    assert [found for page in pages for found in strange(page.text)] == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_path_is_not_repeated_as_markup(client, name):
    page = client().get(f"/{quote(TEXTS[name][:40])}")

    assert (page.status_code, strange(page.text)) == (404, [])


def test_a_letter_that_repeats_a_text_has_no_other_header(app, signed_in, small_home):
    trade, office = signed_in("trade"), signed_in("office")
    for n, text in enumerate(LINES.values()):
        sends(trade, key(n), "file", summary=text)
        assert sends(office, key(n), "return", reason=text).status_code == 303
    later = dt.timedelta(days=3)  # the digest of the next day waits no longer for its sweep
    deliver(app.state.desk.ledger, on=ON + later, clock=lambda: AT + later)

    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (small_home / "outbox").rglob("*.eml")
    ]
    bodies = "".join(letter.get_body(("plain",)).get_content() for letter in letters)
    pages = "".join(letter.get_body(("html",)).get_content() for letter in letters)
    assert [text for text in LINES.values() if clean(text).splitlines()[-1] not in bodies] == []
    assert "甲 Bcc: all@evil.example &lt;b&gt;x&lt;/b&gt;" in pages
    assert "<b>x" not in pages
    assert {header.lower() for letter in letters for header in letter} <= OWN_HEADERS
    assert {letter["to"] for letter in letters} <= {
        f"{position}.{agency}@cast.example"
        for position in ("officer", "head", "leader")
        for agency in ("office", "trade")
    }


def test_no_cell_of_a_list_is_a_formula_and_no_row_is_broken(signed_in):
    office = signed_in("office")
    rows = list(csv.reader(io.StringIO(office.get("/ledger.csv").content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(office.get("/ledger.xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert len({len(row) for row in rows}) == 1
    assert len(rows) > len(ONE_LINE)
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA)] == []
    assert {cell.data_type for cell in cells} & {"f", "e"} == set()
    assert len(cells) > len(ONE_LINE)


def test_no_title_makes_a_line_of_a_calendar(app, client):
    with app.state.desk.ledger.transaction() as tx:
        token = tokens.issue(tx, "trade/officer", "feed", on=ON)
        tx.record(
            "token-issued", "trade/officer", at=dt.datetime.now(dt.UTC), actor="trade/officer"
        )
    calendar = Calendar.from_ical(client().get(f"/feed/{token}.ics").content)

    events = calendar.walk("VEVENT")
    assert {each.name for each in calendar.walk()} == {"VCALENDAR", "VEVENT", "VALARM"}
    alarms = {name for alarm in calendar.walk("VALARM") for name in alarm}
    assert alarms == {"ACTION", "DESCRIPTION", "TRIGGER"}
    assert {name for event in events for name in event} <= OF_EVENT
    titles = "\n".join(str(event["SUMMARY"]) for event in events)
    assert [text for text in ONE_LINE.values() if text not in titles] == []
    assert len(events) > 5


@pytest.mark.parametrize("name", TEXTS)
def test_the_api_tells_a_text_as_it_is_kept(app, client, name):
    with app.state.desk.ledger.transaction() as tx:
        token = tokens.issue(tx, "trade/officer", "api", on=ON)
        tx.record(
            "token-issued", "trade/officer", at=dt.datetime.now(dt.UTC), actor="trade/officer"
        )
    api = client(Authorization=f"Bearer {token}")
    path = f"/api/duties/{key(list(TEXTS).index(name))}"
    assert api.post(f"{path}/do/comment", json={"text": TEXTS[name]}).status_code == 200
    halved = api.post(f"{path}/do/comment", content=b'{"text": "\\ud800x"}')

    told = api.get(f"{path}/life").json()["remarks"]
    assert [remark["text"] for remark in told][-2:] == [clean(TEXTS[name]), "x"]
    assert halved.status_code == 200


NAMES = [*TEXTS.values(), "../../etc/passwd", "..\\..\\x.pdf", "a\u0000.html", "督" * 100, "CON"]


@pytest.mark.parametrize("n", range(len(NAMES)))
def test_a_name_of_a_file_is_one_visible_line_and_no_path(app, signed_in, small_home, n):
    trade, duty = signed_in("trade"), key(4 + n % 6)
    token = signin.form_token(trade.cookies["duban"])
    content = PDF + str(n).encode()
    name = f"{NAMES[n]}.pdf".encode().replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + token.encode()
        + b'\r\n--b\r\nContent-Disposition: form-data; name="summary"\r\n\r\nx'
        + b'\r\n--b\r\nContent-Disposition: form-data; name="file-document"; filename="' + name
        + b'"\r\n\r\n' + content + b"\r\n--b--\r\n"
    )  # fmt: skip
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    ledger = app.state.desk.ledger
    sends(signed_in("office"), duty, "return", reason="再報")
    sent = trade.post(f"/duty/{duty}/do/file", content=body, headers=headers)
    with ledger.read() as conn:
        file = life.evidence(conn, duty)[-1]

    assert sent.status_code == 303
    assert file.name.isprintable()
    assert not set(file.name) & set('/\\<>:"|?*')
    assert (len(file.name.encode()) <= 200, file.name.endswith(".pdf")) == (True, True)
    got = trade.get(f"/duty/{duty}/evidence/{file.sha256}")
    assert got.content == content
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert set(got.headers["Content-Disposition"]) & set('\r\n"<>\u202e') == set()
    stored = [path for path in (small_home / "evidence").rglob("*") if path.is_file()]
    assert {len(path.name) for path in stored} == {64}


def test_the_name_of_a_person_is_a_text_too(app, clock, client):
    browser = client()
    with app.state.desk.ledger.transaction() as tx:
        cookie = signin.begin(tx, "trade/sly", at=clock(), proved=True)
    browser.cookies.set("duban", cookie)
    with app.state.desk.ledger.read() as conn:
        keys = [duty.key for duty in duties.listed(conn)][:2]
    for path in ("/account", "/in", *(f"/duty/{each}" for each in keys)):
        page = browser.get(path).text
        assert ("&lt;img" in page, strange(page)) == (True, [])
