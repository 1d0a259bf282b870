"""Two officers decide one submission at the same moment: one has decided, the other is told why."""

from __future__ import annotations

import contextlib
import io
import os

from desk.cli import run
from ledger.duties import life
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from tests.processes import AT_ONCE
from tests.world import ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
RETURN = ["return", KEY, "--as", "office/officer", "--reason", "缺少附件"]
CLOSE = ["close", KEY, "--as", "office/officer"]


def decide(environ: dict[str, str], argv: list[str], barrier, outcome) -> None:
    os.environ |= {**environ, "DUBAN_LANG": "en"}
    errors = io.StringIO()
    barrier.wait()
    with contextlib.redirect_stderr(errors):
        code = run(argv)
    outcome.put((argv[0], (code, errors.getvalue())))


def test_one_wins_and_the_other_is_refused_with_the_reason(ledger, home, database, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    world.file(KEY)

    barrier, outcome = AT_ONCE.Barrier(2), AT_ONCE.Queue()
    both = [
        AT_ONCE.Process(target=decide, args=(database.environ(home), argv, barrier, outcome))
        for argv in (RETURN, CLOSE)
    ]
    for process in both:
        process.start()
    answers = dict(outcome.get(timeout=60) for _ in both)
    for process in both:
        process.join()

    codes = {deed: code for deed, (code, _) in answers.items()}
    assert sorted(codes.values()) == [0, 5]
    loser = next(deed for deed, code in codes.items() if code == 5)
    assert f"duban: {loser} {KEY}: the duty is " in answers[loser][1]
    with ledger.read() as conn:
        (filed,) = life.submissions(conn, KEY)
        deeds = [entry.deed for entry in chain.entries(conn, subject=KEY)]
        assert list(differences(conn)) == []
    assert (filed.returned_on is None) is (codes["close"] == 0)
    assert len({"returned", "closed"} & set(deeds)) == 1
