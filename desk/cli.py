"""Command line: `duban COMMAND`, its errors in one line and its exit codes (contract)."""

from __future__ import annotations

import os
import sys

from cyclopts import App, CycloptsError

from catalog.duties.deeds import DEEDS
from catalog.errors import DubanError
from ledger.settings import command_language, wants_traceback


def _installed() -> str:
    from importlib.metadata import version  # noqa: PLC0415  slow to import

    return version("duban")


app = App(
    name="duban",
    help="Turns an official action plan into dated, assigned, reminded and provable duties.",
    version=_installed,
    version_flags=["--version"],
    help_format="plaintext",
)

# A command's module is imported when it is called, so that --help stays under half a second.
COMMANDS = {
    "demo": ("up:demo", "Replay the real plan with a scripted cast, then serve it."),
    "up": ("up:up", "Serve the configured ledger: Prefect, schedules, today's date."),
    "clock": ("up:clock", "Show the demonstration's day, or move it."),
    "plan": ("plan:app", "The catalogue: list, show, check and publish plans."),
    "past": ("past:app", "Duties due before the ledger started: list and settle them."),
    "replay": ("replay:replay", "Run a plan's whole ladder in memory: due dates and messages."),
    "sweep": ("sweep:sweep", "One sweep of every plan in force, without Prefect."),
    "deliver": ("sweep:deliver", "One delivery round, without Prefect."),
    "duties": ("duties:duties", "List the duties of the ledger."),
    "duty": ("duties:app", "Show one duty."),
    "targets": ("targets:targets", "List the targets: readings, expected values, verdict."),
    "shares": ("localities:shares", "Shares of targets: show, hand out, by Excel as well."),
    "indicators": ("localities:indicators", "Basic data of the evaluation of localities."),
    "reward": ("localities:reward", "Record a reward for a place in the evaluation."),
    "reading": ("targets:app", "Report the value of an indicator in a year."),
    **{deed.command: (f"deeds:{deed.command}", deed.help) for deed in DEEDS.values() if deed.help},
    "tracker": ("tracker:app", "Read a spreadsheet of the office, and take it for one use."),
    "assign": ("assign:assign", "Assign a duty beside the plan, as the office."),
    "delegate": ("user:delegate", "Name a substitute for a time."),
    "user": ("user:app", "Logins and their passwords."),
    "evidence": ("evidence:evidence", "List the evidence of a duty, or copy it out."),
    "notices": ("notices:notices", "List the outbox."),
    "notice": ("notices:app", "Retry dead notices, resume a stopped channel, or release a slip."),
    "bounce": ("bounce:bounce", "Read a mail that came back: its letter was not delivered."),
    "slip": ("slips:app", "The register of slips: list, show, release or withdraw them."),
    "circular": ("circular:app", "Circulars: list, draft, word and release them."),
    "scorecard": ("scorecard:app", "Scorecards: announce them, object to one, decide."),
    "report": ("report:app", "Circulars, scorecards and evaluations, also in Word."),
    "agency": ("agency:app", "Agencies, their addresses and their reorganisations."),
    "workdays": ("workdays:app", "Working days: list the tables, add the notice of a year."),
    "export": ("export:app", "The ledger as Excel, CSV or JSON, and its dates as a calendar."),
    "import": ("list_import:bring", "Import a workbook of the ledger that an agency filled in."),
    "history": ("history:history", "The completion history, entry by entry."),
    "verify": ("history:verify", "Verify chain, anchors and ledger, or a pack."),
    "anchors": ("anchors:app", "Anchors of the history: list them, go on without them."),
    "pack": ("history:pack", "Write the proof of a plan, an agency or a duty into a zip."),
    "bundle": ("bundle:app", "Hand duties down to other offices, and report on theirs."),
    "jurisdiction": ("jurisdiction:app", "The offices this installation serves: add, list."),
    "upgrade": ("upgrade:upgrade", "Move the ledgers to this version's schema, after a backup."),
    "backup": ("backup:backup", "Write the whole ledger into one file, while it is in use."),
    "restore": ("backup:restore", "Fill an empty home from a backup, and check its age."),
    "doctor": ("doctor:doctor", "Check the installation and its ledgers."),
}
for _name, (_target, _help) in COMMANDS.items():
    app.command(f"desk.commands.{_target}", name=_name, help=_help)
app.register_install_completion_command(help="Install shell completion for bash, zsh or fish.")


def main() -> None:
    """Run the command of `sys.argv` and exit with the contract's code.

    What it writes is for its owner alone: ledger, letters, logs, and the files it is asked for.
    """
    os.umask(0o077)
    sys.exit(run(sys.argv[1:]))


def run(argv: list[str]) -> int:
    """Run one command line and return its exit code; every error is one line on stderr."""
    try:
        result = app(argv, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _refuse(" ".join(str(error).split()) + " Try: duban --help", 2)
    except DubanError as error:
        return _refuse(error.in_language(command_language()), error.exit_code)
    except KeyboardInterrupt:
        return _refuse("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the last line of defence: one line, code 1
        return _fail(error)
    return result if isinstance(result, int) else 0


def _refuse(line: str, code: int) -> int:
    sys.stderr.write(f"duban: {line}\n")
    return code


def _fail(error: Exception) -> int:
    if wants_traceback():
        raise error
    line = f"{type(error).__name__}: {error}".split("\n", 1)[0]
    return _refuse(f"{line} (a defect; DUBAN_TRACEBACK=1 shows where)", 1)


if __name__ == "__main__":
    main()
