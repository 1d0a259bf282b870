"""`duban bundle`: what offices hand each other: keys, duties handed down, reports on them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import App, Parameter

from catalog.errors import ConflictError, NotFoundError
from catalog.offices.bundle import LARGEST
from desk.commands.options import Actor, DryRun, Json, open_ledger, who
from desk.commands.output import hint, put_json, put_line, put_table, replacing
from ledger.offices import bundles, keys
from ledger.offices.installation import load_settings
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.offices import exchanging, handing_down, receiving, reporting_up, taking_over, trusting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.session import Ledger

T = TypeVar("T")

app = App(name="bundle", help="Hand duties down to other offices, and report on theirs.")
PEER = ("id", "fingerprint", "trusted_on", "trusted_by", "heard_on")
BUNDLE = ("id", "way", "peer", "at", "state", "plan", "measure", "reason")
File = Annotated[Path | None, Parameter(help="Where the signed bundle is written.")]


@app.command
def key(*, as_json: Json = False) -> None:
    """Print the public key of this office for another to trust; the pair is made at first use."""
    with open_ledger() as ledger:
        found = keys.public(ledger.settings.home)
    shown = keys.fingerprint(found)
    if as_json:
        put_json({"key": found, "fingerprint": shown})
    else:
        put_line(f"# fingerprint {shown}")
        put_line(found)


@app.command
def trust(
    name: str,
    keyfile: Path,
    *,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Trust the office whose key is in KEYFILE, under NAME; compare the fingerprint first."""
    found = keys.read_key(_read(keyfile).decode("utf-8", "replace"), place=str(keyfile))
    with open_ledger(dry_run=dry_run) as ledger:
        peer = trusting.trust(ledger, name, found, _act(ledger, actor or who()))
    _tell(_peer(peer), f"{name} {peer.fingerprint}", dry_run=dry_run, as_json=as_json)


@app.command
def trusted(*, as_json: Json = False) -> None:
    """List the offices that are trusted, and when each last reported."""
    with open_ledger() as ledger, ledger.read() as conn:
        found = [_peer(peer) for peer in bundles.trusted(conn)]
    _put(found, PEER, as_json=as_json)


@app.command
def distrust(
    name: str, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Believe nothing more that the office NAME signs; what came from it stays."""
    with open_ledger(dry_run=dry_run) as ledger:
        trusting.distrust(ledger, name, _act(ledger, actor or who()))
    _tell({"peer": name}, f"{name} is trusted no longer", dry_run=dry_run, as_json=as_json)


@app.command
def out(
    *duty: str,
    to: str,
    actor: Actor,
    file: File = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Hand each DUTY down to the office --to, and write what was signed to --file.

    Without a file it lies ready for `duban bundle exchange` and `duban bundle copy`.
    """

    def deed(ledger: Ledger) -> bundles.Bundle:
        return handing_down.hand_down(ledger, duty, _act(ledger, actor), to=to)

    kept = _writing(deed, lambda kept: kept.document.encode(), file, dry_run=dry_run)
    said = f"{kept.id}: {len(kept.content.duties)} handed down to {to}"
    _tell(_bundle(kept), said, dry_run=dry_run, as_json=as_json)


@app.command(name="in")
def bring(file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Take in the bundle FILE: duties that then wait, or a report on what was handed down."""
    content = _read(file)
    with open_ledger(dry_run=dry_run) as ledger:
        found = receiving.receive(ledger, content, _act(ledger, actor), name=file.name)
    said = f"{found.kind} {found.bundle} of {found.peer}: {len(found.duties)} duties"
    _tell(found._asdict(), said, dry_run=dry_run, as_json=as_json)


@app.command(name="list")
def list_(*, as_json: Json = False) -> None:
    """List every bundle of duties that was sent or received."""
    with open_ledger() as ledger, ledger.read() as conn:
        kept = [*bundles.listed(conn, "in"), *bundles.listed(conn, "out")]
    _put([_bundle(each) for each in kept], BUNDLE, as_json=as_json)


@app.command
def waiting(*, as_json: Json = False) -> None:
    """List what was handed down to this office and waits to be taken over or declined."""
    with open_ledger() as ledger, ledger.read() as conn:
        found = [
            {"bundle": kept.id, "peer": kept.peer, **duty.model_dump()}
            for kept in bundles.waiting(conn)
            for duty in kept.content.duties
        ]
    _put(found, ("bundle", "peer", "key", "title", "says", "due_on"), as_json=as_json)


@app.command
def take(
    bundle: str,
    *,
    plan: str,
    lead: str,
    actor: Actor,
    title: str = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take the duties of BUNDLE over into PLAN, as a measure led by the agency --lead."""
    with open_ledger(dry_run=dry_run) as ledger:
        act = _act(ledger, actor)
        done = taking_over.take_over(ledger, bundle, act, plan=plan, lead=lead, title=title)
        with ledger.read() as conn:
            kept = bundles.received(conn, bundle)
    said = f"{plan} edition {done.edition}: measure {kept.measure} answers {kept.peer}"
    _tell(_bundle(kept), said, dry_run=dry_run, as_json=as_json)


@app.command
def decline(
    bundle: str, *, reason: str, actor: Actor, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Decline the duties of BUNDLE; the office that handed them down is told the reason."""
    with open_ledger(dry_run=dry_run) as ledger:
        taking_over.decline(ledger, bundle, _act(ledger, actor), reason=reason)
        with ledger.read() as conn:
            kept = bundles.received(conn, bundle)
    _tell(_bundle(kept), f"{bundle} is declined", dry_run=dry_run, as_json=as_json)


@app.command
def report(
    to: str, file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Write a signed report for the office TO into FILE: what became of all it handed down."""

    def deed(ledger: Ledger) -> bytes:
        return reporting_up.report(ledger, to, _act(ledger, actor))

    content = _writing(deed, lambda content: content, file, dry_run=dry_run)
    told = {"peer": to, "bytes": len(content)}
    _tell(told, f"{file}: a report for {to}", dry_run=dry_run, as_json=as_json)


@app.command
def handed(*, as_json: Json = False) -> None:
    """List what this office handed down, and what was last reported of it."""
    with open_ledger() as ledger, ledger.read() as conn:
        found = [_handed(each) for each in bundles.handed(conn)]
    columns = ("duty", "peer", "handed_on", "state", "done", "of", "light", "answered_on")
    _put(found, columns, as_json=as_json)


@app.command
def copy(bundle: str, file: Path) -> None:
    """Write a bundle that was sent into FILE once more."""
    with open_ledger() as ledger, ledger.read() as conn:
        kept = bundles.sent(conn, bundle)
    with _new(file) as written:
        written.write(kept.document.encode())


@app.command
def exchange(*, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Pass on what is new between the offices of this installation that trust each other.

    Ends with 6 where one refused what another sent, or cannot be read.
    """
    unread: list[str] = []

    def failed(jurisdiction: str, error: Exception) -> None:
        unread.append(jurisdiction)
        said = str(error).partition("\n")[0]
        hint(f"{jurisdiction or 'main'}: {said}")

    with ExitStack() as stack:
        ledgers = stack.enter_context(exchanging.offices(load_settings(), failed=failed))
        if dry_run:
            ledgers = {n: stack.enter_context(one.rehearsal()) for n, one in ledgers.items()}
        found = list(exchanging.exchange(ledgers, lambda ledger: _act(ledger, "duban")))
    for passed in found:
        if passed.refusal:
            hint(f"{passed.sender or 'main'} -> {passed.receiver or 'main'}: {passed.refusal}")
    done = [passed.receipt._asdict() for passed in found if passed.receipt]
    _put(done, ("peer", "kind", "bundle"), as_json=as_json)
    return 6 if unread or len(done) < len(found) else 0


def _act(ledger: Ledger, user: str) -> Act:
    """Return who acts now, on the day of the first plan in force, else of UTC."""
    plans = today.plans(ledger)
    at = now_utc()
    return Act(user, *today.now(ledger, plans[0], now_utc)) if plans else Act(user, at.date(), at)


def _writing(
    deed: Callable[[Ledger], T], content: Callable[[T], bytes], file: Path | None, *, dry_run: bool
) -> T:
    """Do a deed and write what it signed into a new file, which is there only if it was done."""
    with ExitStack() as stack:
        written = stack.enter_context(_new(file)) if file and not dry_run else None
        with open_ledger(dry_run=dry_run) as ledger:
            done = deed(ledger)
        if written:
            written.write(content(done))
    return done


@contextmanager
def _new(file: Path) -> Iterator[IO[bytes]]:
    if file.exists():
        raise ConflictError("file-there", file=file)
    with replacing(file) as written:
        yield written


def _read(file: Path) -> bytes:
    """Return the bytes of a file, no more than show that it is too large."""
    try:
        with file.open("rb") as content:
            return content.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFoundError("file-unknown", file=file) from None
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from None


def _peer(peer: bundles.Peer) -> dict[str, Any]:
    return {name: getattr(peer, name) for name in PEER}


def _bundle(kept: bundles.Bundle) -> dict[str, Any]:
    told = {name: getattr(kept, name) for name in BUNDLE}
    return told | {"duties": [duty.key for duty in kept.content.duties]}


def _handed(each: bundles.HandedDuty) -> dict[str, Any]:
    told = each.last_answer
    return {
        **{name: getattr(each, name) for name in ("duty", "peer", "handed_on", "answered_on")},
        "state": told.state if told else None,
        "done": told.done if told else None,
        "of": len(told.children) if told else None,
        "light": told.light if told else None,
        "answer": told.model_dump() if told else None,
    }


def _put(found: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        put_json(found)
    else:
        put_table(f"{len(found)}", columns, [[each[c] for c in columns] for each in found])


def _tell(told: dict[str, Any], line: str, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        put_json({**told, "dry_run": dry_run})
    else:
        put_line(f"would be: {line}" if dry_run else line)
