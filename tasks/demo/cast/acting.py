"""One day of the cast: everyone does what the script has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.duties import duties
from tasks.demo.cast import deciding, office, performing, story
from tasks.demo.cast.parts import part
from tasks.demo.cast.scene import Scene
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.in_force import InForce
    from tasks.tick import Tick


def act(ledger: Ledger, edition: InForce, tick: Tick) -> Counts:
    """Let everyone act by their script on the day of `tick`; nobody works on a day off.

    Safe to repeat for the same day.
    """
    counts = Counts()
    if not edition.workdays.is_workday(tick.on):
        return counts
    counts.update(story.tell(ledger, edition, tick))
    with ledger.read() as conn:
        running = [duty for duty in duties.listed(conn, plan=tick.plan) if _is_running(duty)]
    for duty in running:
        script = part(duty, edition.workdays)
        if script is not None:
            counts.update(_play(Scene(ledger, edition, tick, duty, script)))
    counts.update(office.work(ledger, edition, tick))
    return counts


def _play(scene: Scene) -> Counts:
    """Do what is missing up to this day; safe to repeat."""
    counts = performing.sign(scene)
    if scene.duty.filed_on and not scene.duty.returned_on:
        counts.update(deciding.judge(scene))
    elif not scene.duty.refused_on:
        counts.update(performing.perform(scene))
    return counts


def _is_running(duty: Duty) -> bool:
    stops = (duty.closed_on, duty.waived_on, duty.suspended_on)
    return duty.opened_on is not None and not any(stops)
