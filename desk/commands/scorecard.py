"""`duban scorecard`: announce the scorecards (考核) of a year, object to one, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from desk.commands.options import Actor, DryRun, Json, open_ledger, plans_asked
from desk.commands.output import put_json, put_line
from ledger.reports import scorecards
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.reports import scorecard as deeds

if TYPE_CHECKING:
    from ledger.session import Ledger

app = App(name="scorecard", help="Scorecards: announce them, object to one, decide.")

Text = Annotated[str, Parameter(name="--text", help="What is said with it.")]
Plan = Annotated[str | None, Parameter(name="--plan")]


@app.command
def announce(
    year: int, *, actor: Actor, plan: Plan = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Freeze the cards of a YEAR that is over as they stand today; each agency is told its own."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = _act(ledger, plan, actor)
        made = deeds.announce(ledger, code, year, act)
    _told(f"{year}: {len(made)} announced", {"year": year, "cards": len(made)}, dry_run, as_json)


@app.command(name="object")
def object_to(
    year: int,
    agency: str,
    key: str,
    *,
    text: Text,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Object to what duty KEY counts on the card of AGENCY (its id) for YEAR."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = _act(ledger, plan, actor)
        number = deeds.object_to(ledger, code, year, agency, act, duty=key, text=text)
    _told(f"objection {number}", {"number": number, "key": key}, dry_run, as_json)


@app.command
def decide(
    year: int,
    agency: str,
    number: int,
    outcome: deeds.Outcome,
    *,
    text: Text,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Decide objection NUMBER to the card of AGENCY for YEAR: upheld or refused."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = _act(ledger, plan, actor)
        card = scorecards.card_id(code, year, agency)
        deeds.decide(ledger, card, number, act, outcome=outcome, answer=text)
    _told(
        f"objection {number}: {outcome}", {"number": number, "outcome": outcome}, dry_run, as_json
    )


def _act(ledger: Ledger, plan: str | None, actor: str) -> tuple[str, Act]:
    code = plans_asked(ledger, plan)[0]
    return code, Act(actor, *today.now(ledger, code, now_utc))


def _told(line: str, document: dict[str, object], dry_run: bool, as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        put_json(document | {"dry_run": dry_run})
    else:
        put_line(f"would be: {line}" if dry_run else line)
