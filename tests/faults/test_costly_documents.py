"""Documents and workbooks that cost more than they weigh: each within the limits, pages go on."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from catalog.errors import InvalidError
from desk.access import signin
from ledger.child import LIMITS, call_in_child
from tests.catalog.reading.repeated import PHRASES, growth, in_items, repeated
from tests.faults import patterns
from tests.faults.surviving import LONG
from tests.faults.test_uploads import LINE, form, part

ENDS = {
    "read",
    *("document-unreadable", "document-without-items", "document-too-dense", "evidence-unfolds"),
    *("import-no-sheet", "book-no-plan", "book-no-sheet", "file-too-costly"),
}
PATIENT = LIMITS._replace(longest=900)
QUICKLY = 5  # seconds for a page, on a machine that does other things besides


@pytest.mark.skipif(not LONG, reason="`make faults` reads what is large")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", patterns.FILES)
def test_a_costly_file_is_read_or_refused_within_the_limits(name):
    function, file = patterns.FILES[name]
    try:
        cost = call_in_child(patterns.measured, function, file(), place=name, limits=PATIENT)
    except InvalidError as error:
        cost = patterns.Cost(error.key, 0, 0)

    assert cost.outcome in ENDS
    assert cost.seconds < LIMITS.seconds
    assert cost.memory < LIMITS.memory


@pytest.mark.skipif(not LONG, reason="`make faults` reads every phrase")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("document", [repeated, in_items])
def test_no_phrase_makes_the_work_grow_faster_than_the_text(document, record_property):
    pairs = {phrase: (document(phrase, 1_500), document(phrase, 6_000)) for phrase in PHRASES}
    quick = [phrase for phrase, pair in pairs.items() if growth(*pair, times=1) < 12]
    slow = pairs.keys() - quick  # or measured while the machine was busy

    record_property("phrases", len(pairs))
    assert [phrase for phrase in slow if growth(*pairs[phrase], times=5) >= 12] == []


def test_pages_answer_while_files_are_read_and_some_are_sent_away(served, cookie):
    """More uploads than may wait: pages answer in their time, and every upload gets its answer."""
    book = patterns.shared_strings(300_000 if LONG else 10_000)
    body = form(signin.form_token(cookie), part("workbook", book, "list.xlsx"))
    answers: list[int] = []

    def upload() -> None:
        with httpx.Client(base_url=served.url, trust_env=False, timeout=300) as client:
            answers.append(client.post("/import", content=body, headers=headers).status_code)

    headers = {
        "Cookie": f"duban={cookie}",
        "Origin": served.url,
        "Content-Type": f"multipart/form-data; boundary={LINE.decode()}",
    }
    uploads = [threading.Thread(target=upload) for _ in range(10)]
    for each in uploads:
        each.start()
    slowest = 0.0
    while any(each.is_alive() for each in uploads):
        began = time.monotonic()
        assert httpx.get(f"{served.url}/health", trust_env=False, timeout=60).status_code == 200
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.2)

    assert slowest < QUICKLY
    assert answers == [422] * len(uploads)
