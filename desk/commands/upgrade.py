"""`duban upgrade`: the ledgers of the installation moved to this version's schema."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catalog.errors import UsageRefusedError
from desk.commands.options import Json
from desk.commands.output import hint, put_json, put_line
from ledger.offices.installation import load_settings
from tasks.clock import now_utc
from tasks.offices.upgrade import Outcome, pending, upgraded

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ledger.settings import Settings

Check = Annotated[
    bool,
    Parameter(
        name=("--check", "--dry-run"),
        negative="",
        help="Only say what would be done; ends with 6 if anything.",
    ),
]


def upgrade(*, check: Check = False, as_json: Json = False) -> int:
    """Move every ledger to this version's schema, each after a backup of its own.

    Ends with 6 when a ledger could not be upgraded, or with --check when one would be.
    """
    settings = load_settings()
    if settings.jurisdiction:
        raise UsageRefusedError("jurisdiction-whole", jurisdiction=settings.jurisdiction)
    outcomes = pending(settings, now_utc()) if check else bring_up_to_date(settings, say=False)
    if as_json:
        document = {"version": version("duban"), "check": check}
        put_json({**document, "ledgers": [_document(outcome) for outcome in outcomes]})
    else:
        for outcome in outcomes:
            put_line(_line(outcome, check=check))
    findings = [outcome for outcome in outcomes if outcome.problem or (check and outcome.is_due)]
    return 6 if findings else 0


def bring_up_to_date(settings: Settings, *, say: bool = True) -> list[Outcome]:
    """Upgrade the ledgers that are of an older version, and `say` so on stderr.

    Raises ConflictError while the installation is served, or where the main ledger is of a newer
    version, or older than its home.
    """
    outcomes = pending(settings, now_utc())
    if any(outcome.is_due for outcome in outcomes):
        with alone(settings):
            outcomes = list(upgraded(settings, now_utc()))
    for outcome in outcomes if say else ():
        if outcome.is_due or outcome.problem:
            hint(_line(outcome))
    return outcomes


def alone(settings: Settings) -> AbstractContextManager[None]:
    """Keep the installation from being served meanwhile; ConflictError while it is."""
    from flows.stack.tree import only_one  # noqa: PLC0415  only where there is something to do

    return only_one(settings.installation.resolve())


def _line(outcome: Outcome, *, check: bool = False) -> str:
    name, step = outcome.jurisdiction or "(main)", outcome.step
    if step is None:
        return f"{name}: not upgraded: {outcome.problem}"
    if not outcome.is_due:
        return f"{name}: nothing to do, revision {step.revision or '- (no ledger yet)'}"
    verb = "would be upgraded" if check else "upgraded"
    return f"{name}: {verb} from revision {step.revision} to {step.newest}; backup {step.backup}"


def _document(outcome: Outcome) -> dict[str, Any]:
    step = outcome.step._asdict() if outcome.step else {"revision": None, "newest": None}
    return {
        "jurisdiction": outcome.jurisdiction,
        **step,
        "backup": str(step["backup"]) if step.get("backup") else None,
        "problem": outcome.problem,
    }
