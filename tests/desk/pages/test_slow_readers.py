"""Whoever reads a large file slowly holds no connection to the database meanwhile."""

from __future__ import annotations

import pytest

from desk.access import signin
from tests.desk.visitors import Browser


@pytest.fixture
def sent():
    """The connections in use while each piece of an answer is sent."""
    return []


@pytest.fixture
def chen(app, clock, sent):
    """The browser of the office's officer, before which the sending is watched."""
    pool = app.state.desk.ledger.engine.pool

    async def watched(scope, receive, send):
        async def note(message):
            sent.append(pool.checkedout())
            await send(message)

        await app(scope, receive, note)

    browser = Browser(watched)
    with app.state.desk.ledger.transaction() as tx:
        browser.cookies.set("duban", signin.begin(tx, "chen", at=clock(), proved=True))
    return browser


@pytest.mark.parametrize(
    "path", ["/ledger.csv", "/ledger.json", "/ledger.xlsx", "/audit/history.json", "/audit/pack"]
)
def test_no_piece_of_a_file_is_sent_within_a_transaction(chen, sent, path):
    answer = chen.get(path)
    assert answer.status_code == 200
    assert len(sent) > 2
    assert set(sent) == {0}
