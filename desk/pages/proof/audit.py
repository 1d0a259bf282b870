"""`/audit`: the verification of the history, samples with their findings, and the history."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response, StreamingResponse

from catalog.dates.days import A_DAY
from catalog.errors import DubanError
from catalog.wording import has
from desk.duties.lifeline import lifeline
from desk.proof.journal import journal_lines
from desk.web import forms, rendering
from desk.web.addresses import Seq, redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import duties
from ledger.people import agencies as register
from ledger.people import users
from ledger.proof import chain, journal, samples
from ledger.proof.anchors import on_file
from ledger.proof.ledger_verification import verify_home
from ledger.proof.samples import Noun, Verdict
from ledger.session import Connection, Ledger
from tasks.clock import typed_day
from tasks.proof import sampling

PAGE = 50  # entries
CHUNK = 2000  # entries read at once for the export
SAMPLES = 20  # on the page, the last ones

Reader = Annotated[Visit, Depends(entering("see-audit"))]
Auditing = Annotated[Visit, Depends(entering("audit"))]


class Filters(NamedTuple):
    """The filters of the history, as the address has them."""

    q: str = ""
    who: str = ""
    deed: str = ""
    since: str = ""
    until: str = ""


class Verification(NamedTuple):
    """A verification that just ran, and its duration in seconds."""

    verdict: chain.Verdict
    seconds: float


def read_filters(
    q: str = "", who: str = "", deed: str = "", since: str = "", until: str = ""
) -> Filters:
    """Return the filters of the address."""
    return Filters(q.strip(), who, deed, since, until)


router = APIRouter()
MENU = Entry("/audit", "audit.menu", "see-audit", 80)


@router.get("/audit")
def audit(
    visit: Reader,
    filters: Annotated[Filters, Depends(read_filters)],
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the last verification, the samples, and the history, the last entry first."""
    return _page(visit, filters, page)


@router.post("/audit/verify")
def verify(visit: Reader) -> Response:
    """Verify the whole history now, show the verdict, and record it."""
    started = time.monotonic()
    verdict = verify_history(visit)
    return _page(visit, verification=Verification(verdict, time.monotonic() - started))


@router.get("/audit/history.json")
def export(visit: Reader) -> Response:
    """Return the whole history, as `duban history --json` prints it."""
    headers = {"Content-Disposition": 'attachment; filename="history.json"'}
    return StreamingResponse(_history(visit.ledger), 200, headers, media_type="application/json")


@router.post("/audit/samples")
def sample(
    visit: Auditing,
    of: Annotated[Noun, Form()] = "evidence",
    size: Annotated[str, Form()] = "",
    seed: Annotated[str, Form()] = "",
) -> Response:
    """Draw a sample and show it."""
    number = int(size) if size.isdecimal() and len(size) < 6 else 0  # noqa: PLR2004  more is no size
    try:
        row = sampling.sample(visit.ledger, visit.plan, visit.act, of=of, size=number, seed=seed)
    except DubanError as error:
        where = {"sample-size": "size", "sample-of-nothing": "of"}
        form = forms.refusal(error, visit.lang, where, of=of, size=size, seed=seed)
        return _page(visit, form=form, status=422)
    return redirect(f"/audit/samples/{row.seq}")


@router.get("/audit/samples/{seq}")
def show_sample(visit: Reader, seq: Seq) -> Response:
    """Show a sample with the finding on each item."""
    return _sample_page(visit, seq)


@router.post("/audit/samples/{seq}/findings")
def find(
    visit: Auditing,
    seq: Seq,
    item: Annotated[str, Form()] = "",
    finding: Annotated[Verdict | Literal[""], Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Record the finding on one item of a sample."""
    with visit.read() as conn:
        row = samples.sample(conn, visit.plan, seq)
    values = {"item": item, "finding": finding, "text": text}
    if not finding:
        form = forms.Form(values, {"finding": visit.say("audit.choose")})
        return _sample_page(visit, seq, form, 422)
    try:
        sampling.find(visit.ledger, row, item, visit.act, finding=finding, text=text)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {}, **values)
        return _sample_page(visit, seq, form, 422)
    return redirect(f"/audit/samples/{seq}", message="audit.said.found")


def verify_history(visit: Visit) -> chain.Verdict:
    """Verify the whole history and record the verdict; return it."""
    with visit.read() as conn:
        home, evidence = visit.ledger.settings.home, visit.ledger.evidence
        verdict = verify_home(conn, home, evidence, at=visit.desk.clock())
    sampling.record_verification(visit.ledger, visit.plan, visit.act, verdict)
    return verdict


def _page(
    visit: Visit,
    filters: Filters = Filters(),  # noqa: B008  a frozen value
    page: int = 1,
    *,
    form: forms.Form | None = None,
    verification: Verification | None = None,
    status: int = 200,
) -> Response:
    wrong, where = _where(visit, filters)
    with visit.read() as conn:
        entries = journal.chosen(conn, *where, limit=PAGE, offset=(page - 1) * PAGE)
        logins, registered = users.listed(conn), register.agencies_on(conn, visit.on)
        return rendering.page(
            visit,
            "proof/audit",
            status,
            lines=journal_lines(entries, logins, registered)[::-1],
            titles=duties.of(conn, [entry.subject for entry in entries]),
            count=journal.count(conn, *where),
            page=page,
            last=-(-journal.count(conn, *where) // PAGE),
            turned=lambda n: f"/audit?{urlencode({**_set(filters), 'page': n})}#record",
            filters=forms.Form(filters._asdict(), wrong),
            people={user.id: user.name for user in logins},
            actors=journal.actors(conn),
            deeds=journal.deeds(conn),
            deed_word=lambda deed: _deed(visit, deed),
            head=chain.head(conn),
            anchor=on_file(visit.ledger.settings.home).newest,
            verification=verification,
            before=(before := _last_check(conn, visit.plan)),
            checked_on=dt.date.fromisoformat(before.payload["on"]) if before else None,
            samples=[_progress(conn, each) for each in samples.samples(conn, visit.plan)[:SAMPLES]],
            form=form or forms.Form({"size": 20, "of": "evidence"}),
        )


def _sample_page(
    visit: Visit, seq: int, form: forms.Form | None = None, status: int = 200
) -> Response:
    with visit.read() as conn:
        row = samples.sample(conn, visit.plan, seq)
        by_key = duties.of(conn, [duty for _, duty in row.picked])
        return rendering.page(
            visit,
            "proof/sample",
            status,
            sample=row,
            findings=samples.findings(conn, row),
            proofs=samples.proofs(conn, row),
            duties=by_key,
            lifelines={key: lifeline(conn, duty) for key, duty in by_key.items()},
            agencies=register.agencies_on(conn, visit.on),
            people={user.id: user.name for user in users.listed(conn)},
            form=form or forms.Form(),
        )


def _where(visit: Visit, filters: Filters) -> tuple[dict[str, str], list[journal.Condition]]:
    """Return the errors of the filters by field, and the conditions of the valid ones."""
    wrong: dict[str, str] = {}
    days: dict[str, dt.datetime] = {}
    for name in ("since", "until"):
        text = getattr(filters, name)
        try:
            if text:
                day = typed_day(text) + (A_DAY if name == "until" else A_DAY * 0)
                days[name] = dt.datetime.combine(day, dt.time(), visit.zone)
        except (ValueError, OverflowError):
            wrong[name] = visit.say("audit.no-day")
    where = journal.where(
        actor=filters.who,
        deed=filters.deed,
        about=filters.q,
        since=days.get("since"),
        before=days.get("until"),
    )
    return wrong, where


def _set(filters: Filters) -> dict[str, str]:
    return {name: value for name, value in filters._asdict().items() if value}


def _deed(visit: Visit, deed: str) -> str:
    """Return the word of a deed, or its name in the history where it has none."""
    keys = (f"{place}.{deed}" for place in ("deeds.entry", "audit.told"))
    return next((visit.say(k) for k in keys if has(visit.lang, k)), deed)


def _last_check(conn: Connection, plan: str) -> chain.Entry | None:
    """Return the entry of the last verification."""
    return journal.last(conn, "verified", subject=plan)


def _progress(conn: Connection, row: samples.Sample) -> tuple[samples.Sample, int]:
    return row, len(samples.findings(conn, row))


def _history(ledger: Ledger) -> Iterator[str]:
    """Yield the history as one JSON list, by short reads: a written entry never changes."""
    with ledger.read() as conn:
        last = chain.head(conn).entries
    yield "["
    for first in range(1, last + 1, CHUNK):
        with ledger.read() as conn:
            entries = journal.between(conn, first, min(first + CHUNK - 1, last))
        text = ",\n".join(chain.canonical(entry._asdict()) for entry in entries)
        yield text if first == 1 else f",\n{text}"
    yield "]\n"
