"""`duban backup` and `duban restore`: the whole ledger in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import ConflictError, InvalidError
from desk.commands.options import DryRun, Json, open_ledger
from desk.commands.output import hint, progress, put_json, put_line
from ledger import backup as copy
from ledger.offices.jurisdictions import listed
from ledger.proof.ledger_verification import verify_home
from ledger.proof.verify import Fault
from tasks.clock import now_utc
from tasks.upkeep import backups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.session import Ledger

MOST = 20  # faults a person is shown


def backup(file: Path, *, as_json: Json = False) -> int:
    """Write the ledger, its evidence and its anchors into FILE, a zip, while others keep working.

    The backup is of one jurisdiction. Keep it private: it holds everything, including password
    hashes. Ends with 6 when files of evidence are missing or damaged: an earlier backup has them.
    """
    if file.exists():
        raise ConflictError("file-there", file=file)
    part, faults = file.with_name(f".{file.name}.part"), list[Fault]()
    try:
        with open_ledger() as ledger, progress() as bar, part.open("xb") as out:
            settings, at = ledger.settings, now_utc()
            part.chmod(0o600)
            task = bar.add_task("copying rows", total=None)
            manifest = copy.write(
                ledger,
                out,
                at=at,
                progress=lambda n: bar.advance(task, n),
                on_fault=faults.append,
            )
        part.replace(file)
        backups.note(settings, file.name, at=at, faults=len(faults))
    except FileExistsError:
        raise ConflictError("file-there", file=part) from None
    except OSError as error:
        raise InvalidError("file-unwritable", file=file, problem=error.strerror) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _put(manifest, faults, as_json=as_json)
    others = [] if ledger.settings.jurisdiction else listed(ledger.settings)[1:]
    if others:
        hint(f"not in it, back them up separately: {', '.join(other.id for other in others)}")
    return 6 if faults else 0


def restore(file: Path, *, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Fill an empty home from the backup FILE; ends with 6 when the backup lacks later entries.

    With --dry-run only read the backup: check that it is whole, and show its age.
    """
    with open_ledger() as ledger:
        if dry_run:
            manifest = copy.read_manifest(file)
        else:
            with progress() as bar:
                task = bar.add_task("restoring rows", total=None)
                manifest = copy.restore(ledger, file, progress=lambda n: bar.advance(task, n))
        lacking = copy.older(ledger.settings.home, manifest)
        if lacking:
            hint(
                f"an old backup: it ends at entry {manifest.entries}, and on {lacking.on} there"
                f" were {lacking.entries}; later entries are lost, and duban verify reports it"
            )
        faults = () if dry_run else _faults(ledger)
    _put(manifest, faults, as_json=as_json)
    return 6 if lacking or faults else 0


def _faults(ledger: Ledger) -> Sequence[Fault]:
    """Verify the restored ledger, and return what is wrong with it."""
    with ledger.read() as conn:
        home, evidence = ledger.settings.home, ledger.evidence
        return verify_home(conn, home, evidence, at=now_utc()).faults


def _put(manifest: copy.Manifest, faults: Sequence[Fault], *, as_json: bool) -> None:
    for fault in faults[:MOST]:
        hint(f"entry {fault.seq or '-'}: {fault.what}")
    if len(faults) > MOST:
        hint(f"and {len(faults) - MOST} more: run duban verify")
    if as_json:
        document = manifest._asdict()
        files = sum(name.startswith(copy.EVIDENCE) for name in document.pop("members"))
        put_json({**document, "files": files, "faults": [fault._asdict() for fault in faults]})
    else:
        put_line(f"{manifest.made_at}: {manifest.entries} entries, head {manifest.head}")
