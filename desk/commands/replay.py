"""`duban replay`: a plan's whole ladder in memory, and each agency's messages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from catalog.duties.standing import standing
from catalog.letters.subject import subject_line
from catalog.offices.agency_names import AgencyNames
from catalog.plans.load import load_plan
from desk.api.documents import duty_document
from desk.commands.options import Day, Json
from desk.commands.output import progress, put_json, put_line, put_table
from ledger.duties import duties
from tasks.plans.replay import Replayed
from tasks.plans.replay import replay as run
from tasks.plans.words_spoken import Words, words_spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.plans.contents import Agency
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice


def replay(
    plan: str, *, since: Day | None = None, until: Day | None = None, as_json: Json = False
) -> None:
    """Run PLAN day by day as if nobody answered: due dates, notices, messages for each agency.

    It also counts the words spoken of each duty in each quarter before it is due.
    """
    loaded = load_plan(plan)
    first, last = loaded.issued_on, until or loaded.closes_on
    with progress() as bar:
        task = bar.add_task(f"replaying {loaded.plan}", total=max((last - first).days, 1))
        replayed = run(
            loaded,
            since=since,
            until=until,
            progress=lambda day: bar.update(task, completed=(day - first).days),
        )
    if as_json:
        put_json(document(loaded, replayed))
    else:
        _put(loaded, replayed)


def document(plan: Plan, replayed: Replayed) -> dict[str, Any]:
    """Return the document of a replay: duties with their final standing, notices, load."""
    agencies = {agency.id: agency for agency in plan.agencies}
    by_key = {duty.key: duty for duty in replayed.duties}
    return {
        "plan": plan.plan,
        "since": replayed.since,
        "until": replayed.until,
        "duties": [
            duty_document(d, AgencyNames(agencies), replayed.until) for d in replayed.duties
        ],
        "notices": [_notice(n, by_key[n.duty], agencies) for n in replayed.notices],
        "load": load(replayed.load, agencies),
        **_words(words_spoken(replayed)),
    }


def _words(spoken: list[Words]) -> dict[str, Any]:
    """Return the words by duty and quarter, and the long duties with a quarter without one."""
    silent = [words for words in spoken if words.is_long and words.silent]
    return {
        "words": [
            {"key": words.duty.key, "quarter": quarter, "words": number}
            for words in spoken
            for quarter, number in words.by_quarter.items()
        ],
        "without_words": [{"key": w.duty.key, "quarters": w.silent} for w in silent],
    }


def load(
    counts: Mapping[tuple[str, str], int], agencies: Mapping[str, Agency]
) -> list[dict[str, Any]]:
    """Return the number of messages of each agency (by name) in each month."""
    return [
        {"month": month, "agency": agencies[agency].name, "messages": count}
        for (month, agency), count in sorted(counts.items())
    ]


def _notice(notice: Notice, duty: Duty, agencies: dict[str, Agency]) -> dict[str, Any]:
    light = standing(duties.facts(duty), notice.on).light
    return {
        "on": notice.on,
        "rung": notice.rung,
        "key": notice.duty,
        "to": agencies[_agency(notice)].name,
        "position": notice.recipient.partition("/")[2],
        "channel": notice.channel,
        "form": notice.form,
        "subject": subject_line(light, duty.title, duty.due_on),
        "message": notice.message,
        "coalesced": list(notice.coalesced),
    }


def _agency(notice: Notice) -> str:
    return notice.recipient.partition("/")[0]


def _put(plan: Plan, replayed: Replayed) -> None:
    agencies = {agency.id: agency for agency in plan.agencies}
    rungs = Counter(notice.rung.partition(":")[0] for notice in replayed.notices)
    put_line(f"{plan.title}  {replayed.since} - {replayed.until}")
    put_line(f"{len(replayed.duties)} duties, {len(replayed.notices)} notices")
    put_table("", ("rung", "notices"), sorted(rungs.items()))
    months = Counter[str]()
    for row in load(replayed.load, agencies):
        months[row["agency"]] += row["messages"]
    put_table("", ("agency", "messages"), months.most_common())
    _put_words([words for words in words_spoken(replayed) if words.is_long])


def _put_words(spoken: list[Words]) -> None:
    """Print the words by quarter of the duties open longer than six months."""
    quarters = sorted({quarter for words in spoken for quarter in words.by_quarter})
    rows = [
        (words.duty.key, *(words.by_quarter.get(quarter, "") for quarter in quarters))
        for words in spoken
    ]
    put_table("words of duties open longer than six months", ("key", *quarters), rows)
    silent = [(words.duty.key, " ".join(words.silent)) for words in spoken if words.silent]
    if silent:
        put_table("quarters without a word", ("key", "quarters"), silent)
    else:
        put_line("no duty open longer than six months without one")
