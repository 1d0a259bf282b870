"""`duban scorecard`: announce the scorecards (考核) of a year, object to one, decide."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from desk.commands.options import Actor, DryRun, Json, Ordinal, Year, act_of, open_ledger
from desk.commands.output import put_outcome
from ledger.reports import scorecards
from tasks.reports import scorecard as scorecard_deeds

app = App(name="scorecard", help="Scorecards: announce them, object to one, decide.")

Text = Annotated[str, Parameter(name="--text", help="The reason.")]
Plan = Annotated[str | None, Parameter(name="--plan")]


@app.command
def announce(
    year: Year, *, actor: Actor, plan: Plan = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Freeze the cards of a YEAR that is over as of today; each agency gets its own."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        cards = scorecard_deeds.announce(ledger, code, year, act)
    document = {"year": year, "cards": len(cards)}
    put_outcome(document, f"{year}: {len(cards)} announced", dry_run=dry_run, as_json=as_json)


@app.command(name="object")
def object_to(
    year: Year,
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
        code, act = act_of(ledger, actor, plan)
        number = scorecard_deeds.object_to(ledger, code, year, agency, act, duty=key, text=text)
    document = {"number": number, "key": key}
    put_outcome(document, f"objection {number}", dry_run=dry_run, as_json=as_json)


@app.command
def decide(
    year: Year,
    agency: str,
    number: Ordinal,
    outcome: scorecard_deeds.Outcome,
    *,
    text: Text,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Decide objection NUMBER to the card of AGENCY for YEAR: upheld or refused."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        card = scorecards.card_id(code, year, agency)
        scorecard_deeds.decide(ledger, card, number, act, outcome=outcome, answer=text)
    document = {"number": number, "outcome": outcome}
    put_outcome(document, f"objection {number}: {outcome}", dry_run=dry_run, as_json=as_json)
