"""`duban report`: the papers of an office, on the terminal and in Word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from catalog.dates.spans import span, span_of
from catalog.errors import NotFoundError, UsageRefusedError
from catalog.wording import say
from desk.commands.duties import agency_asked
from desk.commands.options import Day, Json, open_ledger, plans_asked
from desk.commands.output import put_json, put_line, put_table, replacing
from desk.papers import evaluation as evaluation_paper
from desk.papers import scorecard
from desk.papers.blocks import anchor_line
from desk.papers.circular import Circulated, circulated, word
from desk.papers.evaluated import evaluated
from desk.papers.scored import scored
from ledger.post import contacts
from ledger.reports import circulars
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.reports.circular import preview

if TYPE_CHECKING:
    from catalog.dates.spans import Span
    from desk.papers.scorecard import Scored
    from ledger.session import Ledger

app = App(name="report", help="Papers of the office, filled from the ledger.")

Out = Annotated[
    Path | None, Parameter(name="--out", help="A Word file; one that is there is replaced.")
]


@app.command
def circular(
    *,
    month: str | None = None,
    quarter: str | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the circular (通報) of a MONTH (2014-12) or QUARTER (2014-Q4), else of this month.

    One that was drafted or released is told as it is kept; else, and with --on, it is counted as
    known on its last day, or on that day, and nothing is kept.
    """
    with open_ledger() as ledger:
        code = plans_asked(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        asked = _span(month, quarter, now)
        shown = _circulated(ledger, code, asked, Act("", *now), on=on)
        if out is not None:
            made = word(shown, demo=today.demo_day(ledger) is not None)
            with replacing(out) as file:
                file.write(made)
    if as_json:
        put_json(circular_document(shown))
    elif out is not None:
        put_line(f"{out}: {shown.title}")
    else:
        _put(shown)


@app.command(name="scorecard")
def score(
    *,
    year: int | None = None,
    agency: str | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the scorecards (考核) of a YEAR, this one unless said, of all agencies or of AGENCY.

    Those that were announced are told as they are kept, with their objections; else they are
    counted as known today, or ON a day.
    """
    with open_ledger() as ledger:
        code = plans_asked(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        of = year or now.on.year
        found = scored(ledger, code, of, on=on or now.on, clock=now_utc)
        if agency is not None:
            with ledger.read() as conn:
                asked = agency_asked(conn, contacts.agencies(conn), agency)
            found = {asked: found[asked]} if asked in found else {}
        if not found:
            raise NotFoundError("card-unknown", agency=agency or "", year=of)
        lang = ledger.settings.lang
        if out is not None:
            made = scorecard.word(
                list(found.values()), lang, demo=today.demo_day(ledger) is not None
            )
            with replacing(out) as file:
                file.write(made)
    if as_json:
        put_json([card_document(shown) for shown in found.values()])
    elif out is not None:
        put_line(f"{out}: {len(found)}")
    else:
        table = scorecard.ranking(found, lang)
        put_table(table.caption, table.head, [line.cells for line in table.lines])
        put_line(next(iter(found.values())).card.formula.in_words(lang))


@app.command
def evaluation(
    *,
    year: int | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the evaluation of the localities for a YEAR, this one unless said, as known ON a day.

    In Word it is a draft with its tables and charts, for an officer to finish.
    """
    with open_ledger() as ledger:
        code = plans_asked(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        shown = evaluated(ledger, code, year or now.on.year, on=on or now.on, clock=now_utc)
        if out is not None:
            made = evaluation_paper.word(shown, demo=today.demo_day(ledger) is not None)
            with replacing(out) as file:
                file.write(made)
    told = shown.told
    if as_json:
        words = dict(shown.sections)
        put_json({"title": shown.title, "words": words, "data": told.model_dump(mode="json")})
    elif out is not None:
        put_line(f"{out}: {shown.title}")
    else:
        put_line(shown.title)
        for name, text in shown.sections:
            put_line(say(shown.language, f"evaluation.section.{name}"))
            put_line(text)
        put_line(anchor_line(told.on, told.entries, told.head, shown.language))


def card_document(shown: Scored) -> dict[str, object]:
    """Return a card as JSON: its score, its sums and its frozen data; computed figures are text."""
    sums = shown.result
    return {
        "agency": shown.card.agency,
        "score": sums.score,
        "announced_on": shown.kept and shown.kept.announced_on,
        "parts": [part._asdict() for part in sums.parts],
        "objections": [objection.model_dump() for objection in shown.objections],
        "data": shown.card.model_dump(mode="json"),
    }


def circular_document(shown: Circulated) -> dict[str, object]:
    """Return a circular as JSON: its number and words, and its frozen data."""
    return {
        "number": shown.number or None,
        "released_on": shown.released_on,
        "language": shown.language,
        "title": shown.title,
        "words": dict(shown.sections),
        "data": shown.told.model_dump(mode="json"),
    }


def _span(month: str | None, quarter: str | None, now: today.Now) -> Span:
    if month and quarter:
        raise UsageRefusedError("one-of", options="--month, --quarter")
    found = span(month or quarter or span_of(now.on).label)
    if (month and found.is_quarter) or (quarter and not found.is_quarter):
        raise UsageRefusedError("span-unreadable", typed=month or quarter)
    return found


def _circulated(ledger: Ledger, plan: str, asked: Span, act: Act, *, on: Day | None) -> Circulated:
    with ledger.read() as conn:
        kept = None if on else circulars.find(conn, plan, asked.label)
    if kept is not None:
        return circulated(kept)
    told, words = preview(ledger, plan, asked, act, on=on)
    return Circulated(told, words, ledger.settings.lang)


def _put(shown: Circulated) -> None:
    put_line(f"{shown.title}  {shown.number}".rstrip())
    for name, text in shown.sections:
        put_line(say(shown.language, f"circulars.section.{name}"))
        put_line(text)
    told = shown.told
    put_line(anchor_line(told.on, told.entries, told.head, shown.language))
