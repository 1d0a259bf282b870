"""`duban agency`: who is registered, where each position is reached, what became of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from catalog.errors import NotFoundError, UsageRefusedError
from catalog.plans.succession import Order
from desk.commands.options import Actor, Day, DryRun, Json, open_ledger, plans_asked, who
from desk.commands.output import put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.post import contacts
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.plans.reorganise import reorganise
from tasks.post.channels import hook_key
from tasks.post.contacts import Contact, Position, reach

if TYPE_CHECKING:
    from catalog.plans.succession import Succession

app = App(name="agency", help="Agencies, where they are reached, and what became of them.")

To = Annotated[str, Parameter(name="--to", help="The agency that takes over, by its id.")]
On = Annotated[Day, Parameter(name="--on", help="The day it takes effect, not one to come.")]
Document = Annotated[str, Parameter(help="The document that says so; every entry cites it.")]
NewName = Annotated[
    str, Parameter(name="--name", help="The name of a successor not registered yet.")
]
Measures = Annotated[str, Parameter(help="Which measures pass: 1,2 or PLAN/1,PLAN/2.")]


@app.command(name="list")
def list_agencies(*, as_json: Json = False) -> None:
    """List the registered agencies and the addresses of their positions."""
    with open_ledger() as ledger, ledger.read() as conn:
        agencies, reached = contacts.agencies(conn), contacts.contacts(conn)
        became = register.successions(conn)
    rows = [
        {
            "id": agency.id,
            "name": agency.name,
            "kind": agency.kind,
            "contacts": {p: by for (a, p), by in sorted(reached.items()) if a == agency.id},
            "became": [_became(step) for step in became if step.agency == agency.id],
        }
        for agency in agencies.values()
    ]
    if as_json:
        put_json(rows)
    else:
        columns = ("id", "name", "kind", "contacts", "became")
        became_of = {a: "; ".join(_line(s) for s in became if s.agency == a) for a in agencies}
        rows = [row | {"became": became_of[str(row["id"])]} for row in rows]
        put_table(f"{len(rows)}", columns, [[r[c] or "" for c in columns] for r in rows])


@app.command
def contact(
    agency: str,
    position: Position,
    address: str,
    *,
    channel: str = "mail",
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say that POSITION (officer, head, leader or reviewer) of AGENCY is reached at ADDRESS."""
    with open_ledger(dry_run=dry_run) as ledger:
        found = Contact(agency, position, channel, address)
        changed = reach(ledger, [found], at=now_utc(), actor=actor or who())
    if as_json:
        put_json({**found._asdict(), "changed": bool(changed), "dry_run": dry_run})
    else:
        put_line(f"{agency}/{position}: {'recorded' if changed else 'as it was'}")


@app.command
def key(agency: str, position: Position, *, channel: str, as_json: Json = False) -> None:
    """Tell the key by which the system of POSITION of AGENCY knows what comes from us."""
    with open_ledger() as ledger, ledger.read() as conn:
        address = contacts.contacts(conn).get((agency, position), {}).get(channel)
        if address is None:
            recipient = f"{agency}/{position}"
            raise NotFoundError("contact-unknown", recipient=recipient, channel=channel)
        found = hook_key(ledger.settings, channel, address)
    told = {"agency": agency, "position": position, "channel": channel, "key": found}
    if as_json:
        put_json(told)
    else:
        put_line(found)


@app.command
def rename(
    agency: str,
    name: str,
    *,
    on: On,
    document: Document,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give AGENCY another NAME from a day on; what was before keeps the old one."""
    order = Order("renamed", agency, on, document, name=name)
    _carry_out(order, actor, dry_run=dry_run, as_json=as_json)


@app.command
def merge(
    agency: str,
    *,
    to: To,
    on: On,
    document: Document,
    name: NewName | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End AGENCY: its open duties follow the successor, its users lose access that day."""
    order = Order("merged", agency, on, document, to, name)
    _carry_out(order, actor, dry_run=dry_run, as_json=as_json)


@app.command
def split(
    agency: str,
    *,
    to: To,
    measures: Measures,
    on: On,
    document: Document,
    name: NewName | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take some measures out of AGENCY, which goes on, for an agency made of it."""
    order = Order("split", agency, on, document, to, name)
    _carry_out(order, actor, measures, dry_run=dry_run, as_json=as_json)


@app.command
def move(
    agency: str,
    *,
    to: To,
    measures: Measures,
    on: On,
    document: Document,
    name: NewName | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Move the function behind some measures from AGENCY, which goes on, to another."""
    order = Order("moved", agency, on, document, to, name)
    _carry_out(order, actor, measures, dry_run=dry_run, as_json=as_json)


@app.command
def close(
    agency: str,
    *,
    on: On,
    document: Document,
    to: To | None = None,
    name: NewName | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End AGENCY; while it leads or performs open duties a successor must take them."""
    order = Order("closed", agency, on, document, to, name)
    _carry_out(order, actor, dry_run=dry_run, as_json=as_json)


def _carry_out(
    order: Order, actor: str | None, measures: str = "", *, dry_run: bool, as_json: bool
) -> None:
    with open_ledger(dry_run=dry_run) as ledger:
        plan, *others = plans_asked(ledger, None)
        on, at = today.now(ledger, plan, now_utc)
        named = [number.strip() for number in measures.split(",") if number.strip()]
        if others and not all("/" in number for number in named):
            raise UsageRefusedError("measures-of-which", plans=", ".join([plan, *others]))
        order = order._replace(measures=tuple(n if "/" in n else f"{plan}/{n}" for n in named))
        done = reorganise(ledger, order, Act(actor or who(), on, at))
    told = {**_became(done.succession), "duties": done.duties, "users": done.users}
    if as_json:
        put_json({"agency": order.agency, **told, "dry_run": dry_run})
    else:
        verb = "would be" if dry_run else "is"
        passed = f"{len(done.duties)} duties pass on, {len(done.users)} users end"
        put_line(f"{order.agency} {verb} {order.kind} from {order.on}: {passed}")


def _became(step: Succession) -> dict[str, object]:
    names = ("id", "kind", "successor", "on", "document", "former_name")
    told: dict[str, object] = {name: getattr(step, name) for name in names}
    return {**told, "measures": sorted(step.measures)}


def _line(step: Succession) -> str:
    heir = f" -> {step.successor}" if step.successor else f", before {step.former_name}"
    return f"{step.on} {step.kind}{heir}: {step.document}"
