"""Commands of the deeds on a duty, with the fields of each deed as options.

A command is made from the declarations of its deeds (`catalog.duties.deeds`) when it is called.
Where several deeds share one command, as in `extend`, an option selects one (`--grant`).
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from catalog.duties.deeds import DEEDS
from catalog.errors import UsageRefusedError
from desk.api.documents import duty_document
from desk.commands.duties import agency_id
from desk.commands.options import Actor, Day, DryRun, Json, Ordinal, act_of, open_ledger
from desk.commands.output import hint, put_json, put_line
from desk.duties.evidence_option import Evidence, evidence_files
from ledger.duties import duties, life
from ledger.people import agencies as register
from tasks.act import Act
from tasks.deeds.registry import functions
from tasks.in_force import in_force
from tasks.plans import forecast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from catalog.duties.declaration import Field
    from ledger.session import Ledger

Flag = Annotated[bool, Parameter(negative="")]
REQUIRED = inspect.Parameter.empty
# Several in one: --participants A B, or --participants A --participants B.
Agencies = Annotated[
    list[str] | None,
    Parameter(consume_multiple=True, negative_iterable="", help="Agencies: their names or ids."),
]


def __getattr__(name: str) -> Callable[..., None]:
    """Return the command `name`, which cyclopts looks up in this module."""
    deeds = _deeds(name)
    if not deeds:
        raise AttributeError(name)
    key = inspect.Parameter("key", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=str)
    options = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for option, (kind, default) in _options(deeds).items()
    ]
    signature = inspect.Signature([key, *options])

    def command(*args: Any, **values: Any) -> None:
        bound = signature.bind(*args, **values)
        bound.apply_defaults()
        _do(deeds, **bound.arguments)

    command.__signature__ = signature  # type: ignore[attr-defined]  # read by cyclopts
    return command


def _deeds(command: str) -> dict[str, str]:
    """Return the deeds of a command by the option that selects each; the first has none."""
    parts = [(*deed.command.partition(" --"), name) for name, deed in DEEDS.items()]
    deeds = {option.replace("-", "_"): name for word, _, option, name in parts if word == command}
    return dict(sorted(deeds.items()))


def _options(deeds: Mapping[str, str]) -> dict[str, tuple[object, object]]:
    """Return the options of a command, each with its type and its default."""
    declared = [DEEDS[name] for name in deeds.values()]
    visible = {f.name: f for deed in declared for f in deed.fields if f.kind != "hidden"}
    fields = {
        name: _option(field, needed=all(name in deed.needs for deed in declared))
        for name, field in visible.items()
    }
    choices = {option: _choice(name) for option, name in deeds.items() if option}
    files = {"evidence": (Evidence, None)} if any(deed.takes_files for deed in declared) else {}
    last = {"dry_run": (DryRun, False), "as_json": (Json, False)}
    return {"actor": (Actor, REQUIRED), **fields, **choices, **files, **last}


def _option(field: Field, *, needed: bool) -> tuple[object, object]:
    if field.kind == "date":
        return (Day, REQUIRED) if needed else (Day | None, None)
    if field.kind == "flag":
        return Flag, False
    if field.kind == "agencies":
        return Agencies, None
    kind = Literal[field.choices] if field.choices else str
    return kind, REQUIRED if needed else ""


def _choice(deed: str) -> tuple[object, object]:
    """Return the option that selects a deed: a flag, or the number its form has hidden."""
    hidden = any(field.kind == "hidden" for field in DEEDS[deed].fields)
    return (Ordinal | None, None) if hidden else (Flag, False)


def _do(
    deeds: Mapping[str, str],
    *,
    key: str,
    actor: str,
    dry_run: bool,
    as_json: bool,
    evidence: Sequence[str] | None = None,
    **options: Any,
) -> None:
    choice = _choose(deeds, options)
    name, number = deeds[choice], options.get(choice)
    deed = DEEDS[name]
    values = {f.name: number if f.kind == "hidden" else options[f.name] for f in deed.fields}
    several = [f.name for f in deed.fields if f.kind == "agencies"]
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        values |= {name: _agencies(ledger, act, values[name] or ()) for name in several}
        if any(f.name == "to" and f.kind == "date" for f in deed.fields):
            _hint_end(ledger, key, options["to"])
            if dry_run:
                _hint_mail(ledger, key, act, options["to"])
        with evidence_files(ledger, evidence) if deed.takes_files else nullcontext() as files:
            more = {"evidence": files} if deed.takes_files else {}
            functions()[name](ledger, key, act, **values, **more)


def _agencies(ledger: Ledger, act: Act, names: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of agencies given by name or id; NotFoundError for one that is none."""
    with ledger.read() as conn:
        known = register.agencies_on(conn, act.on)
        return tuple(agency_id(conn, known, name) for name in names)


def _choose(deeds: Mapping[str, str], options: Mapping[str, object]) -> str:
    """Return the option that selects the deed, empty for none; UsageRefusedError for several."""
    choices = [o for o in deeds if o and options[o] is not None and options[o] is not False]
    dates = (field for field in DEEDS[deeds[""]].fields if field.kind == "date" and field.needed)
    missing = [field.name for field in dates if options[field.name] is None]
    if len(choices) > 1 or (missing and not choices):
        one_of = choices or [*missing, *filter(None, deeds)]
        raise UsageRefusedError("one-of", options=", ".join(f"--{o}" for o in one_of))
    return choices[0] if choices else ""


def _hint_mail(ledger: Ledger, key: str, act: Act, to: Day | None) -> None:
    """Print each agency's messages if the duty is due on `to`, by default the requested day."""
    with ledger.read() as conn:
        duty, request = duties.one(conn, key), life.open_request(conn, key)
        day = to or (request.asked_to if request else duty.due_on)
        costs = forecast.of_move(conn, duty, day, on=act.on)
        agencies = register.agencies_on(conn, act.on)
    for cost in forecast.in_all(costs):
        name = agencies[cost.agency].name
        hint(f"{name}: {cost.before} letters at most until now, {cost.after} if due {day}")


def _hint_end(ledger: Ledger, key: str, to: Day | None) -> None:
    """Print a warning where a duty would be due after the end of its plan."""
    with ledger.read() as conn:
        duty = duties.one(conn, key)
        ends_on = in_force(conn, duty.plan).extends_to(duty)
    if to is not None and to > ends_on:
        hint(f"{to} lies after the end of the plan ({ends_on}): to grant it takes a --document")


@contextmanager
def _deed(key: str, actor: str, *, dry_run: bool, as_json: bool) -> Iterator[tuple[Ledger, Act]]:
    """Yield the ledger and the act of a deed, and print the duty's standing after it."""
    with open_ledger(dry_run=dry_run) as ledger:
        with ledger.read() as conn:
            plan = duties.one(conn, key).plan
        _, act = act_of(ledger, actor, plan)
        yield ledger, act
        with ledger.read() as conn:
            agencies = register.agencies_on(conn, act.on)
            document = duty_document(duties.one(conn, key), agencies, act.on)
    if as_json:
        put_json({**document, "on": act.on, "by": actor, "dry_run": dry_run})
        return
    put_line(f"{key}: {document['status']}, due {document['due_on']}")
    if dry_run:
        hint("dry run: nothing was changed")
