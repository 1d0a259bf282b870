"""The performer's deeds: sign, deliver items, raise a problem, ask for more time, file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ledger.duties import life
from tasks.deeds import answering, extending, raising
from tasks.deeds.evidence import required_labels
from tasks.demo.cast import meetings, reporting
from tasks.demo.evidence import papers
from tasks.tick import Counts

if TYPE_CHECKING:
    from tasks.demo.cast.scene import Scene

DECIDES = 2  # working days until the lead or the office decides
MENDS = 5  # working days until a returned submission is filed again
MONTH = dt.timedelta(days=30)
FORTNIGHT = dt.timedelta(days=14)


def sign(scene: Scene) -> Counts:
    """Acknowledge the duty on its day, unless it went back to the office."""
    duty = scene.duty
    if duty.acknowledged_on or duty.refused_on or scene.on < scene.script.signs_on:
        return Counts()
    answering.acknowledge(scene.ledger, duty.key, scene.performer())
    return Counts(acknowledged=1)


def perform(scene: Scene) -> Counts:
    """Deliver items, raise a problem, ask for an extension, and file on the day for it."""
    counts = Counts()
    if scene.duty.kind == "meeting":
        counts.update(meetings.announce(scene))
        counts.update(meetings.answer(scene))
    counts.update(_deliver(scene))
    counts.update(_report(scene))
    if scene.script.trait == "troubled":
        _trouble(scene)
    if scene.script.trait == "extended":
        counts.update(_extend(scene))
    returned_on = scene.duty.returned_on
    if scene.on >= scene.script.files_on and (not returned_on or scene.past(returned_on, MENDS)):
        counts.update(_file(scene))
    return counts


def _deliver(scene: Scene) -> Counts:
    counts, duty = Counts(), scene.duty
    for _ in range(duty.delivered, _items_by(scene)):
        held_on = min(scene.on, duty.covers_until or scene.on)
        title = f"(演示){duty.title}"
        answering.deliver_item(
            scene.ledger, duty.key, scene.performer(), title=title, held_on=held_on
        )
        counts["delivered"] += 1
    return counts


def _report(scene: Scene) -> Counts:
    """Report progress two working days after it was asked for, if nobody has said a word since."""
    duty = scene.duty
    is_answered = duty.spoken_on and duty.asked_on and duty.spoken_on >= duty.asked_on
    if is_answered or not scene.past(duty.asked_on, DECIDES):
        return Counts()
    spent, whole = scene.on - duty.opens_on, max((duty.due_on - duty.opens_on).days, 1)
    percent = min(spent.days * 100 // whole, 95) // 5 * 5
    text = f"(演示)按計劃推進,已完成約{percent}%,預計{duty.due_on.month}月底前完成。"
    answering.progress(scene.ledger, duty.key, scene.performer(), text=text)
    return Counts(progressed=1)


def _items_by(scene: Scene) -> int:
    """Return the items of the quota delivered by today, spread evenly until the filing."""
    items, files_on, opens_on = scene.script.items, scene.script.files_on, scene.duty.opens_on
    if scene.on >= files_on:
        return items
    span = (files_on - opens_on).days
    return items * (scene.on - opens_on).days // span if span > 0 else 0


def _file(scene: Scene) -> Counts:
    """File the duty; figures that prove it are reported or handed out, and file it themselves."""
    duty = scene.duty
    if reporting.proves(scene):
        return reporting.prove(scene)
    counts = reporting.read(scene) if duty.kind == "target" else Counts()
    labels, title = required_labels(scene.edition, duty), duty.title
    with papers(scene.ledger, labels, title, on=scene.on) as files:
        answering.file_submission(
            scene.ledger,
            duty.key,
            scene.performer(),
            summary=f"(演示數據)已完成:{title}",
            held_on=meetings.held_on(scene),
            evidence=files,
        )
    counts["filed"] += 1
    return counts


def _trouble(scene: Scene) -> None:
    """Raise one problem 20 working days after the opening; the office answers."""
    if not scene.past(scene.duty.opens_on, 20):
        return
    key = scene.duty.key
    with scene.ledger.read() as conn:
        raised = life.problems(conn, key)
    if not raised:
        text = "(演示)辦理所需的配套資金尚未落實,請協調。"
        raising.raise_problem(scene.ledger, key, scene.performer(), text=text)
    elif not raised[0].answered_on and scene.past(raised[0].raised_on, DECIDES):
        text = "(演示)已商有關單位,請按原計劃推進。"
        raising.answer_problem(scene.ledger, key, scene.office(), number=1, text=text)


def _extend(scene: Scene) -> Counts:
    """Ask once for a month's extension, two weeks before the filing; the office decides.

    A date of the plan itself moves by a document. A day that has gone by meanwhile is refused.
    """
    duty, asks_on = scene.duty, scene.script.files_on - FORTNIGHT
    if scene.on < asks_on or duty.extensions:
        return Counts()
    with scene.ledger.read() as conn:
        requests = life.extensions(conn, duty.key)
    if not requests and scene.on <= duty.due_on:
        reason = "(演示)需徵求有關單位意見,申請延期。"
        extending.ask(
            scene.ledger, duty.key, scene.performer(), to=duty.due_on + MONTH, reason=reason
        )
    elif requests and not requests[0].outcome and scene.past(requests[0].asked_on, DECIDES):
        if requests[0].asked_to < scene.on:
            reason = "(演示)申請的期限已過。"
            extending.refuse(scene.ledger, duty.key, scene.office(), reason=reason)
            return Counts()
        year = scene.on.year
        document = f"粵加貿辦函〔{year}〕延{scene.on:%m%d}號" if duty.basis == "plan" else ""
        extending.grant(scene.ledger, duty.key, scene.office(), document=document)
        return Counts(extended=1)
    return Counts()
