"""`duban agency`: registered agencies, addresses of their positions, reorganisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from catalog.errors import NotFoundError, UsageRefusedError
from catalog.plans.succession import Order
from desk.commands import agency_register
from desk.commands.options import (
    Actor,
    Day,
    DryRun,
    Json,
    act_of,
    local_user,
    open_ledger,
    plans_in_scope,
)
from desk.commands.output import put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.post import bounces, contacts
from ledger.post.bounces import Bounce
from ledger.post.contacts import Person
from tasks.agencies.open_groups import name_bodies
from tasks.agencies.reorganise import reorganise
from tasks.clock import now_utc
from tasks.post.channels import hook_key
from tasks.post.contacts import Contact, Position, name_persons, reach
from tasks.post.contacts import end as end_contact
from tasks.post.trial import Trial, send_trial, targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.plans.succession import Succession
    from ledger.session import Connection

app = App(name="agency", help="Agencies, their addresses and their reorganisations.")
app.command(agency_register.add)
app.command(agency_register.take_list, name="import")

To = Annotated[str, Parameter(name="--to", help="The agency that takes over, by its id.")]
On = Annotated[Day, Parameter(name="--on", help="The day it takes effect, not in the future.")]
Document = Annotated[str, Parameter(help="The document that orders it; every entry cites it.")]
NewName = Annotated[
    str, Parameter(name="--name", help="The name of a successor that is not registered yet.")
]
Measures = Annotated[str, Parameter(help="The measures that pass on: 1,2 or PLAN/1,PLAN/2.")]


@app.command(name="list")
def list_agencies(*, as_json: Json = False) -> None:
    """List the registered agencies and the addresses of their positions."""
    with open_ledger() as ledger, ledger.read() as conn:
        agencies, addresses = contacts.agencies(conn), contacts.contacts(conn)
        persons = contacts.persons(conn)
        marks = bounces.unreachable(conn)
        steps = register.successions(conn)
    rows = [
        {
            "id": agency.id,
            "name": agency.name,
            "aliases": list(agency.aliases),
            "kind": agency.kind,
            "contacts": {p: by for (a, p), by in sorted(addresses.items()) if a == agency.id},
            "persons": {p: by._asdict() for (a, p), by in persons.items() if a == agency.id},
            "bounced": _bounced(addresses, marks, agency.id),
            "became": [_succession(step) for step in steps if step.agency == agency.id],
        }
        for agency in agencies.values()
    ]
    if as_json:
        put_json(rows)
    else:
        columns = ("id", "name", "kind", "contacts", "persons", "bounced", "became")
        lines = {a: "; ".join(_line(s) for s in steps if s.agency == a) for a in agencies}
        rows = [
            row
            | {
                "contacts": _say_contacts(addresses, str(row["id"])),
                "bounced": "; ".join(
                    "{position} {address}: {reason} ({on})".format(**each)
                    for each in _bounced(addresses, marks, str(row["id"]))
                ),
                "persons": _say_persons(persons, str(row["id"])),
                "became": lines[str(row["id"])],
            }
            for row in rows
        ]
        put_table(f"{len(rows)}", columns, [[r[c] or "" for c in columns] for r in rows])


@app.command
def contact(
    agency: str,
    position: Position,
    address: str = "",
    *,
    channel: Annotated[str, Parameter(help="mail, or one of DUBAN_CHANNELS.")] = "",
    person: Annotated[str | None, Parameter(help="The contact person.")] = None,
    telephone: Annotated[str | None, Parameter(help="Their number, as letters show it.")] = None,
    end: Annotated[
        bool, Parameter(negative="", help="End ADDRESS, or all of the position or --channel.")
    ] = False,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record how POSITION (officer, head, leader or reviewer) of AGENCY is reached.

    ADDRESS may be several, A,B; mail unless --channel says otherwise.
    """
    if not (address or end or person is not None or telephone is not None):
        raise UsageRefusedError("one-of", options="ADDRESS, --person, --telephone, --end")
    entry = Contact(agency, position, channel if end else channel or "mail", address)
    with open_ledger(dry_run=dry_run) as ledger:
        at, by = now_utc(), actor or local_user()
        if end:
            changed = bool(end_contact(ledger, entry, at=at, actor=by))
        else:
            changed = bool(address and reach(ledger, [entry], at=at, actor=by))
        given = {"name": person, "telephone": telephone}
        words = {name: word for name, word in given.items() if word is not None}
        if words:
            changed |= bool(name_persons(ledger, {(agency, position): words}, at=at, actor=by))
        with ledger.read() as conn:
            now = _reached(conn, entry)
    if as_json:
        put_json({**entry._asdict(), **now, "changed": changed, "dry_run": dry_run})
    else:
        put_line(f"{agency}/{position}: {_outcome(changed=changed, dry_run=dry_run)}")


@app.command(name="test")
def send_test_letter(
    agency: str,
    position: Position,
    *,
    channel: str = "",
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Send a test letter to POSITION of AGENCY now; ends with 6 where one was not accepted."""
    with open_ledger(dry_run=dry_run) as ledger:
        if dry_run:
            with ledger.read() as conn:
                trials = [Trial(*way) for way in targets(conn, agency, position, channel)]
        else:
            by = actor or local_user()
            trials = send_trial(ledger, agency, position, channel=channel, clock=now_utc, actor=by)
    if as_json:
        put_json([{**trial._asdict(), "dry_run": dry_run} for trial in trials])
    else:
        accepted = "would be tried" if dry_run else "accepted"
        for trial in trials:
            put_line(f"{trial.channel}: {trial.address}: {trial.reason or accepted}")
    return 6 if any(trial.reason for trial in trials) else 0


def _say_contacts(addresses: Mapping[tuple[str, str], Mapping[str, str]], agency: str) -> str:
    return "; ".join(
        f"{position} {channel}: {address}"
        for (each, position), by_channel in sorted(addresses.items())
        for channel, address in by_channel.items()
        if each == agency
    )


def _bounced(
    addresses: Mapping[tuple[str, str], Mapping[str, str]],
    marks: Mapping[tuple[str, str], Bounce],
    agency: str,
) -> list[dict[str, str]]:
    """Return the addresses of an agency that no letter reaches: since when, and why."""
    return [
        {
            "position": position,
            "channel": channel,
            "address": address,
            "on": f"{mark.at:%Y-%m-%d}",
            "kind": mark.kind,
            "reason": mark.reason,
        }
        for (each, position), by_channel in sorted(addresses.items())
        for channel, several in by_channel.items()
        for address in contacts.several(several)
        if each == agency and (mark := marks.get((channel, address)))
    ]


def _say_persons(persons: Mapping[tuple[str, str], Person], agency: str) -> str:
    return "; ".join(
        f"{position} {' '.join(filter(None, person))}"
        for (each, position), person in persons.items()
        if each == agency
    )


def _outcome(*, changed: bool, dry_run: bool) -> str:
    if not changed:
        return "as it was"
    return "would be recorded" if dry_run else "recorded"


def _reached(conn: Connection, contact: Contact) -> dict[str, object]:
    """Return the addresses of a position as they stand, on one channel or all, and its person."""
    addresses = contacts.ways(conn, contact.agency, contact.position)
    name, telephone = contacts.person(conn, contact.agency, contact.position)
    own = addresses.get(contact.channel, "") if contact.channel else ", ".join(addresses.values())
    return {"address": own, "person": name, "telephone": telephone}


@app.command
def key(agency: str, position: Position, *, channel: str, as_json: Json = False) -> None:
    """Print the key with which the system of POSITION of AGENCY verifies our events.

    A position with several addresses on the channel has a key for each, in their order.
    """
    with open_ledger() as ledger, ledger.read() as conn:
        addresses = contacts.ways(conn, agency, position).get(channel)
        if addresses is None:
            recipient = f"{agency}/{position}"
            raise NotFoundError("contact-unknown", recipient=recipient, channel=channel)
        keys = {a: hook_key(ledger.settings, channel, a) for a in contacts.several(addresses)}
    if as_json:
        put_json(
            {
                "agency": agency,
                "position": position,
                "channel": channel,
                "key": next(iter(keys.values())),
                "keys": keys,
            }
        )
    else:
        put_line("\n".join(keys.values()))


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
    """Give AGENCY another NAME from a day on; earlier records keep the old one."""
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
    """Split some measures off AGENCY, which continues, for an agency made out of it."""
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
    """Move the function behind some measures from AGENCY, which continues, to another."""
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


@app.command(name="name")
def name_bodies_of(
    group: str,
    *,
    bodies: Annotated[str, Parameter(help="The bodies it stands for, by id: A,B.")],
    document: Document,
    actor: Actor,
    measure: Annotated[str, Parameter(help="The measure, by its number; all without it.")] = "",
    plan: str | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Name the bodies that an open GROUP of a plan stands for; its duties follow."""
    members = [body.strip() for body in bodies.split(",") if body.strip()]
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        result = name_bodies(
            ledger, code, group, act, members=members, document=document, measure=measure
        )
    keys = {"changed": result.changed, "created": result.created, "ended": result.ended}
    if as_json:
        put_json({**result.naming._asdict(), **keys, "dry_run": dry_run})
    else:
        counts = ", ".join(f"{len(each)} duties {verb}" for verb, each in keys.items())
        put_line(f"{group} {'would be' if dry_run else 'is'} {', '.join(members)}: {counts}")


def _carry_out(
    order: Order, actor: str | None, measures: str = "", *, dry_run: bool, as_json: bool
) -> None:
    with open_ledger(dry_run=dry_run) as ledger:
        plan, *others = plans_in_scope(ledger, None)
        numbers = [number.strip() for number in measures.split(",") if number.strip()]
        if others and not all("/" in number for number in numbers):
            raise UsageRefusedError("measures-of-which", plans=", ".join([plan, *others]))
        order = order._replace(measures=tuple(n if "/" in n else f"{plan}/{n}" for n in numbers))
        _, act = act_of(ledger, actor or local_user(), plan)
        result = reorganise(ledger, order, act)
    document = {**_succession(result.succession), "duties": result.duties, "users": result.users}
    if as_json:
        put_json({"agency": order.agency, **document, "dry_run": dry_run})
    else:
        verb = "would be" if dry_run else "is"
        effects = f"{len(result.duties)} duties pass on, {len(result.users)} users end"
        put_line(f"{order.agency} {verb} {order.kind} from {order.on}: {effects}")


def _succession(step: Succession) -> dict[str, object]:
    names = ("id", "kind", "successor", "on", "document", "former_name")
    return {name: getattr(step, name) for name in names} | {"measures": sorted(step.measures)}


def _line(step: Succession) -> str:
    heir = f" -> {step.successor}" if step.successor else f", before {step.former_name}"
    return f"{step.on} {step.kind}{heir}: {step.document}"
