"""`duban bundle`: exchange between offices: keys, duties handed down, reports on them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import App, Parameter

from catalog.errors import ConflictError, NotFoundError
from catalog.offices.bundle import LARGEST
from desk.commands.options import Actor, DryRun, Json, local_user, open_ledger
from desk.commands.output import hint, put_json, put_line, put_outcome, put_table, replacing
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
File = Annotated[Path | None, Parameter(help="The file for the signed bundle.")]


@app.command
def key(*, as_json: Json = False) -> None:
    """Print the public key of this office for another to trust; the pair is made at first use."""
    with open_ledger() as ledger:
        public = keys.public(ledger.settings.home)
    fingerprint = keys.fingerprint(public)
    if as_json:
        put_json({"key": public, "fingerprint": fingerprint})
    else:
        put_line(f"# fingerprint {fingerprint}")
        put_line(public)


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
    public = keys.read_key(_read(keyfile).decode("utf-8", "replace"), place=str(keyfile))
    with open_ledger(dry_run=dry_run) as ledger:
        peer = trusting.trust(ledger, name, public, _act(ledger, actor or local_user()))
    put_outcome(_peer(peer), f"{name} {peer.fingerprint}", dry_run=dry_run, as_json=as_json)


@app.command
def trusted(*, as_json: Json = False) -> None:
    """List the trusted offices, each with the day of its last report."""
    with open_ledger() as ledger, ledger.read() as conn:
        rows = [_peer(peer) for peer in bundles.trusted(conn)]
    _put(rows, PEER, as_json=as_json)


@app.command
def distrust(
    name: str, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Refuse everything the office NAME signs from now on; earlier bundles stay."""
    with open_ledger(dry_run=dry_run) as ledger:
        trusting.distrust(ledger, name, _act(ledger, actor or local_user()))
    put_outcome({"peer": name}, f"{name} is trusted no longer", dry_run=dry_run, as_json=as_json)


@app.command
def out(
    *duty: str,
    to: str,
    actor: Actor,
    file: File = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Hand each DUTY down to the office --to, and write the signed bundle to --file.

    Without a file the bundle waits for `duban bundle exchange` or `duban bundle copy`.
    """

    def deed(ledger: Ledger) -> bundles.Bundle:
        return handing_down.hand_down(ledger, duty, _act(ledger, actor), to=to)

    bundle = _write_signed(deed, lambda one: one.document.encode(), file, dry_run=dry_run)
    line = f"{bundle.id}: {len(bundle.content.duties)} handed down to {to}"
    put_outcome(_bundle(bundle), line, dry_run=dry_run, as_json=as_json)


@app.command(name="in")
def bring(file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Receive the bundle FILE: duties to take over, or a report on duties handed down."""
    content = _read(file)
    with open_ledger(dry_run=dry_run) as ledger:
        receipt = receiving.receive(ledger, content, _act(ledger, actor), name=file.name)
    line = f"{receipt.kind} {receipt.bundle} of {receipt.peer}: {len(receipt.duties)} duties"
    put_outcome(receipt._asdict(), line, dry_run=dry_run, as_json=as_json)


@app.command(name="list")
def list_(*, as_json: Json = False) -> None:
    """List every bundle of duties, sent or received."""
    with open_ledger() as ledger, ledger.read() as conn:
        every = [*bundles.listed(conn, "in"), *bundles.listed(conn, "out")]
    _put([_bundle(each) for each in every], BUNDLE, as_json=as_json)


@app.command
def waiting(*, as_json: Json = False) -> None:
    """List the duties handed down to this office that wait to be taken over or declined."""
    with open_ledger() as ledger, ledger.read() as conn:
        rows = [
            {"bundle": bundle.id, "peer": bundle.peer, **duty.model_dump()}
            for bundle in bundles.waiting(conn)
            for duty in bundle.content.duties
        ]
    _put(rows, ("bundle", "peer", "key", "title", "says", "due_on"), as_json=as_json)


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
        result = taking_over.take_over(ledger, bundle, act, plan=plan, lead=lead, title=title)
        with ledger.read() as conn:
            row = bundles.received(conn, bundle)
    line = f"{plan} edition {result.edition}: measure {row.measure} answers {row.peer}"
    put_outcome(_bundle(row), line, dry_run=dry_run, as_json=as_json)


@app.command
def decline(
    bundle: str, *, reason: str, actor: Actor, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Decline the duties of BUNDLE; the office that handed them down gets the reason."""
    with open_ledger(dry_run=dry_run) as ledger:
        taking_over.decline(ledger, bundle, _act(ledger, actor), reason=reason)
        with ledger.read() as conn:
            row = bundles.received(conn, bundle)
    put_outcome(_bundle(row), f"{bundle} is declined", dry_run=dry_run, as_json=as_json)


@app.command
def report(
    to: str, file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Write a signed report for the office TO into FILE: the state of all duties it handed down."""

    def deed(ledger: Ledger) -> bytes:
        return reporting_up.report(ledger, to, _act(ledger, actor))

    content = _write_signed(deed, lambda content: content, file, dry_run=dry_run)
    document = {"peer": to, "bytes": len(content)}
    put_outcome(document, f"{file}: a report for {to}", dry_run=dry_run, as_json=as_json)


@app.command
def handed(*, as_json: Json = False) -> None:
    """List the duties this office handed down, each with the last report on it."""
    with open_ledger() as ledger, ledger.read() as conn:
        rows = [_handed(each) for each in bundles.handed(conn)]
    columns = ("duty", "peer", "handed_on", "state", "done", "of", "light", "answered_on")
    _put(rows, columns, as_json=as_json)


@app.command
def copy(bundle: str, file: Path) -> None:
    """Write a sent bundle into FILE again."""
    with open_ledger() as ledger, ledger.read() as conn:
        row = bundles.sent(conn, bundle)
    with _new(file) as out:
        out.write(row.document.encode())


@app.command
def exchange(*, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Exchange new bundles between the offices of this installation that trust each other.

    Ends with 6 when an office refused a bundle or cannot be read.
    """
    unread: list[str] = []

    def failed(jurisdiction: str, error: Exception) -> None:
        unread.append(jurisdiction)
        line = str(error).partition("\n")[0]
        hint(f"{jurisdiction or 'main'}: {line}")

    with ExitStack() as stack:
        ledgers = stack.enter_context(exchanging.offices(load_settings(), failed=failed))
        if dry_run:
            ledgers = {n: stack.enter_context(one.rehearsal()) for n, one in ledgers.items()}
        transfers = list(exchanging.exchange(ledgers, lambda ledger: _act(ledger, "duban")))
    for each in transfers:
        if each.refusal:
            hint(f"{each.sender or 'main'} -> {each.receiver or 'main'}: {each.refusal}")
    receipts = [each.receipt._asdict() for each in transfers if each.receipt]
    _put(receipts, ("peer", "kind", "bundle"), as_json=as_json)
    return 6 if unread or len(receipts) < len(transfers) else 0


def _act(ledger: Ledger, user: str) -> Act:
    """Return an act of `user` now, on the day of the first plan in force, else of UTC."""
    plans = today.plans(ledger)
    at = now_utc()
    return Act(user, *today.now(ledger, plans[0], now_utc)) if plans else Act(user, at.date(), at)


def _write_signed(
    deed: Callable[[Ledger], T], content: Callable[[T], bytes], file: Path | None, *, dry_run: bool
) -> T:
    """Do a deed and write its signed content into a new file; a refused deed leaves no file."""
    with ExitStack() as stack:
        out = stack.enter_context(_new(file)) if file and not dry_run else None
        with open_ledger(dry_run=dry_run) as ledger:
            result = deed(ledger)
        if out:
            out.write(content(result))
    return result


@contextmanager
def _new(file: Path) -> Iterator[IO[bytes]]:
    if file.exists():
        raise ConflictError("file-there", file=file)
    with replacing(file) as out:
        yield out


def _read(file: Path) -> bytes:
    """Return the bytes of a file, at most one more than the LARGEST bundle."""
    try:
        with file.open("rb") as content:
            return content.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFoundError("file-unknown", file=file) from None
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from None


def _peer(peer: bundles.Peer) -> dict[str, Any]:
    return {name: getattr(peer, name) for name in PEER}


def _bundle(bundle: bundles.Bundle) -> dict[str, Any]:
    row = {name: getattr(bundle, name) for name in BUNDLE}
    return row | {"duties": [duty.key for duty in bundle.content.duties]}


def _handed(duty: bundles.HandedDuty) -> dict[str, Any]:
    answer = duty.last_answer
    return {
        **{name: getattr(duty, name) for name in ("duty", "peer", "handed_on", "answered_on")},
        "state": answer.state if answer else None,
        "done": answer.done if answer else None,
        "of": len(answer.children) if answer else None,
        "light": answer.light if answer else None,
        "answer": answer.model_dump() if answer else None,
    }


def _put(rows: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        put_json(rows)
    else:
        put_table(f"{len(rows)}", columns, [[row[c] for c in columns] for row in rows])
