"""Delivery flow: sends what is queued every five minutes and after each sweep."""

from __future__ import annotations

import datetime as dt

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff

from flows.run import events, runs, ticks
from flows.run.jurisdiction import ledger_of
from ledger.offices.installation import load_settings
from ledger.session import UNREADABLE, Ledger
from tasks.act import Act
from tasks.incoming.mailbox import mailbox
from tasks.incoming.reading import read
from tasks.offices import exchanging
from tasks.post import deliver as deed
from tasks.tick import Counts

TIMEOUT = 45 * 60  # seconds: every try of the round, and the exchange, end before it by themselves


@task(
    name="deliver",
    task_run_name="deliver {on}",
    cache_policy=NO_CACHE,
    retries=3,  # of the round; the ledger counts the tries of each message
    retry_delay_seconds=exponential_backoff(backoff_factor=10),
    retry_jitter_factor=0.5,
    retry_condition_fn=runs.worth_another_try,
)
def deliver_round(ledger: Ledger, on: dt.date) -> Counts:
    """Send the messages queued up to `on`; a message already accepted is never sent again."""
    before = runs.entries_so_far(ledger)
    try:
        return deed.deliver(ledger, on=on, clock=lambda: ticks.latest(ledger).at)
    finally:
        events.announce_delivery(ledger, on, before)


@task(name="exchange", cache_policy=NO_CACHE)
def exchange_bundles() -> int:
    """Exchange bundles between the offices of this installation; return how many were accepted.

    A refused bundle or an unreadable office is logged; the others go on.
    """

    def failed(jurisdiction: str, error: Exception) -> None:
        get_run_logger().warning("%s: %s", jurisdiction or "main", error)

    with exchanging.offices(load_settings(), failed=failed) as ledgers:
        passed = list(exchanging.exchange(ledgers, lambda it: Act("duban", *ticks.latest(it))))
    for each in passed:
        if each.refusal:
            failed(each.receiver, each.refusal)
    return len([each for each in passed if not each.refusal])


@task(name="incoming", cache_policy=NO_CACHE)
def read_incoming(on: dt.date) -> dict[str, int]:
    """Read the mailbox of DUBAN_BOUNCES, for all offices; return how many mails had each outcome.

    A failure is logged and stops nothing: the mail stays where it is until the next round.
    """
    settings, log = load_settings(), get_run_logger()
    source = mailbox(settings, on=on)
    if source is None:
        return {}

    def failed(jurisdiction: str, error: Exception) -> None:
        log.warning("%s: %s", jurisdiction or "main", error)

    with exchanging.offices(settings, failed=failed) as offices:
        before = [(ledger, runs.entries_so_far(ledger)) for ledger in offices.values()]
        counts = Counts()
        try:
            counts = read(source, offices.values(), lambda it: ticks.latest(it).at, left=log.info)
        except UNREADABLE as error:
            failed("", error)
        for ledger, entries in before:
            events.announce_incoming(ledger, on, entries)
    return dict(counts)


def _run_name() -> str:
    parameters = flow_run.parameters
    jurisdiction = parameters.get("jurisdiction", "")
    with ledger_of(jurisdiction) as ledger:
        day = parameters.get("on") or ticks.latest(ledger).on
    return runs.named(jurisdiction, f"deliver {day}")


@flow(name="deliver", flow_run_name=_run_name, timeout_seconds=TIMEOUT)
def deliver(on: dt.date | None = None, jurisdiction: str = "") -> dict[str, int]:
    """Deliver the messages queued up to the day `on` (default: today) for all plans in force.

    The main jurisdiction's round also exchanges the bundles between offices, and reads what came
    back to all of them.
    """
    with ledger_of(jurisdiction) as ledger:
        day = on or ticks.latest(ledger).on
        totals = deliver_round(ledger, day)
    runs.show_totals(jurisdiction, "deliver", day, totals)
    if not jurisdiction:
        exchange_bundles()
        read_incoming(day)
    return dict(totals)
