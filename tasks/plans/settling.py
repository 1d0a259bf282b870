"""Drafts of plans: settled phrase by phrase, and published when nothing is open."""

from __future__ import annotations

import contextlib
import functools
import secrets
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import clean, typed
from catalog.errors import ConflictError, DubanError
from catalog.plans.office_dates import decide
from catalog.reading.grammar.folding import fold
from catalog.reading.settling import plan_toml
from catalog.reading.settling.settlement import Settlement, Step, settle, settle_step
from catalog.reading.who.register import Register
from ledger.plans import plan_drafts
from ledger.post import contacts
from tasks.agencies.columns import kind_by_name
from tasks.agencies.registering import Newcomer, checked
from tasks.documents import reading
from tasks.plans.publish import decided
from tasks.plans.publish import publish as publish_plan

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from catalog.plans.model import Plan
    from catalog.plans.office_dates import Decision
    from catalog.reading.draft import Draft
    from catalog.reading.settling.settlement import Action
    from ledger.plans.plan_drafts import PlanDraft, PlanStep
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.plans.publish import Published

MOST = 20  # open drafts


class Settling(NamedTuple):
    """A draft with people's answers and its present state."""

    document: PlanDraft
    steps: list[PlanStep]
    stands: Settlement


def begin(
    ledger: Ledger,
    content: bytes,
    act: Act,
    *,
    name: str,
    code: str,
    register: Register,
    text: str | None = None,
    digest: str = "",
) -> str:
    """Read a document into a stored draft, and return its id.

    `text` is that of the document where it was read before, as a tracker's is, and `digest` its
    SHA-256 where the content is no longer there. InvalidError for an
    unreadable document or one without items, ConflictError where MOST drafts are open.
    """
    text = clean(reading.text(content, place=name) if text is None else text)
    agencies = register.model_dump_json()
    _read(text, name, agencies, code, act.on)
    draft = plan_drafts.PlanDraft(
        id=secrets.token_hex(8),
        name=name,
        code=code,
        text=text,
        digest=digest or sha256(content).hexdigest(),
        agencies=agencies,
        read_on=act.on,
        begun_by=act.user,
        begun_at=act.at,
    )
    with ledger.transaction() as tx:
        if len(plan_drafts.open_(tx.conn)) >= MOST:
            raise ConflictError("drafts-full", most=MOST)
        plan_drafts.begin(tx, draft)
    return draft.id


def settling(conn: Connection, draft: str) -> Settling:
    """Return the present state of a draft; NotFoundError for an unknown id."""
    document = plan_drafts.one(conn, draft)
    steps = plan_drafts.steps(conn, draft)
    return Settling(document, steps, settle(_read_again(document), map(_step, steps)))


def say(ledger: Ledger, draft: str, act: Act, *, step: Step) -> None:
    """Add an answer to a draft; it is refused if it does not fit (see `after`)."""
    with ledger.read() as conn:
        now = settling(conn, draft)
    for name, value in step.fields.items():
        for text in value if isinstance(value, list | tuple) else [value]:
            typed(str(text), name)
    settle_step(now.stands, step)
    seq = now.steps[-1].seq + 1 if now.steps else 1
    recorded = plan_drafts.PlanStep(seq, step.deed, step.about, dict(step.fields), act.user, act.at)
    with ledger.transaction() as tx:
        plan_drafts.add_step(tx, draft, recorded)


def name_agency(ledger: Ledger, draft: str, *, name: str) -> int:
    """Add an agency that the document names to those the draft is read with.

    Answers that no longer fit, because the name answers their question, are dropped; return how
    many. InvalidError for a name that no agency can have, ConflictError for one that is known.
    """
    with ledger.read() as conn:
        before, reading = settling(conn, draft), set(contacts.agencies(conn))
    register = before.stands.draft.register
    known = {fold(each): [a.id] for a in register.agencies for each in (a.name, *a.aliases)}
    newcomer = Newcomer(name, kind=kind_by_name(name))
    agency = checked(newcomer, known, reading | {each.id for each in register.agencies})
    larger = register.model_copy(update={"agencies": (*register.agencies, agency)})
    document = before.document.model_copy(update={"agencies": larger.model_dump_json()})
    steps = list(_fitting(_read_again(before.document), _read_again(document), before.steps))
    with ledger.transaction() as tx:
        plan_drafts.read_with(tx, draft, document.agencies, steps)
    return len(before.steps) - len(steps)


def _fitting(before: Draft, after: Draft, steps: Iterable[PlanStep]) -> Iterator[PlanStep]:
    """Yield the steps that can be taken after another reading, each about the same question."""
    ids = {(ask.key, ask.about, ask.span): ask.id for ask in after.questions}
    same = {ask.id: ids.get((ask.key, ask.about, ask.span), "") for ask in before.questions}
    stands = Settlement(after)
    for step in steps:
        about = same.get(step.about, "") if step.deed == "answer" else step.about
        with contextlib.suppress(DubanError):
            moved = step._replace(about=about)
            stands = settle_step(stands, _step(moved))
            yield moved


def take_back(ledger: Ledger, draft: str) -> None:
    """Take back the last answer of a draft; ConflictError if there is none."""
    with ledger.read() as conn:
        steps = settling(conn, draft).steps
    if not steps:
        raise ConflictError("draft-nothing-said")
    with ledger.transaction() as tx:
        plan_drafts.remove_step(tx, draft, steps[-1].seq)


def throw_away(ledger: Ledger, draft: str, act: Act) -> None:
    """Discard a draft that will not be published."""
    with ledger.transaction() as tx:
        plan_drafts.one(tx.conn, draft)
        plan_drafts.end(tx, draft, act.at)


def made(now: Settling) -> Plan:
    """Return the plan of a settled draft; ConflictError while anything is open."""
    if not now.stands.is_settled:
        count = len(now.stands.open) + len(now.stands.draft.questions)
        raise ConflictError("draft-unsettled", count=count)
    return plan_toml.plan(now.stands.draft)


def publish(
    ledger: Ledger,
    draft: str,
    act: Act,
    *,
    demo: bool = False,
    start_on: dt.date | None = None,
    decisions: Mapping[str, Decision] = MappingProxyType({}),
    source: Mapping[str, Any] = MappingProxyType({}),
) -> Published:
    """Publish a settled draft with the dates that the office decided.

    The entry names the document, who confirmed what, the dates, and what else is its `source`.
    """
    with ledger.together() as whole:
        with whole.read() as conn:
            now = settling(conn, draft)
        plan = decide(made(now), decisions)
        publication = publish_plan(
            whole,
            plan,
            at=act.at,
            actor=act.user,
            demo=demo,
            start_on=start_on,
            source=source_of(now) | decided(decisions) | dict(source),
        )
        with whole.transaction() as tx:
            plan_drafts.end(tx, draft, act.at)
    return publication


def source_of(now: Settling) -> dict[str, Any]:
    """Return the source for the history: the document of a draft, and each answer."""
    return {
        "document": now.document.name,
        "sha256": now.document.digest,
        "said": [[d.deed, d.about, dict(d.fields), d.user, _instant(d.at)] for d in now.steps],
    }


def _instant(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _step(recorded: PlanStep) -> Step:
    deed: Action = recorded.deed  # type: ignore[assignment]  # the page lets no other in
    return Step(deed, recorded.about, recorded.fields)


def _read_again(document: PlanDraft) -> Draft:
    return _read(document.text, document.name, document.agencies, document.code, document.read_on)


@functools.lru_cache(maxsize=8)  # a page reads it once for each answer
def _read(text: str, name: str, agencies: str, code: str, on: dt.date) -> Draft:
    register = Register.model_validate_json(agencies)
    return reading.draft(text, register, name=name, code=code, on=on)
