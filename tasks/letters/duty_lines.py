"""Lines of a letter from the ledger: one a duty, with the news that is not settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line
from catalog.dates.period_words import say_period
from catalog.duties.standing import standing
from catalog.ladder.rungs import rung_of
from catalog.letters.asks import ask, most_pressing, present
from catalog.letters.line import DutyLine, News
from catalog.letters.matters import ASKS, EVENTS, Matter
from catalog.wording import say
from ledger.duties import life
from tasks.letters.content import state
from tasks.letters.inquiries import inquiries
from tasks.letters.matters import latest, matter, move, remark
from tasks.shares import share_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from catalog.letters.inquiry import Inquiry
    from catalog.letters.matters import Ask, Part, State
    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice
    from ledger.session import Connection
    from tasks.in_force import InForce
    from tasks.letters.content import Content


class DutyLines(NamedTuple):
    """The lines of a letter, the ask of each notice by its id, and the notices left out."""

    lines: list[DutyLine]
    asks: Mapping[str, Ask]
    superseded: tuple[str, ...]


def duty_lines(
    conn: Connection, content: Content, *, names: Mapping[str, str], on: dt.date, lang: str
) -> DutyLines:
    """Return the lines of `content` as they are true on the day `on`; `names` are the agencies'.

    A mailbox of several positions has one line a duty as well: that of the most pressing part.
    """
    questions = inquiries(conn, content.notices, content.duties, content.ladders)
    asks: dict[str, Ask] = {}
    by_duty: dict[str, dict[Part, list[News]]] = {}
    for notice in latest(content.notices):
        part = content.part(notice)
        inquiry = questions.get(notice.id)
        news = _news(conn, content, notice, part, on=on, lang=lang, inquiry=inquiry)
        if news is not None:
            asks[notice.id] = news.ask
            by_duty.setdefault(notice.duty, {}).setdefault(part, []).append(news)
    is_mixed = len({content.duties[key].plan for key in by_duty}) > 1
    writer = _Writer(conn, content, names, on, lang, is_mixed=is_mixed)
    lines = [writer.line(content.duties[key], parts) for key, parts in by_duty.items()]
    left_out = tuple(notice.id for notice in content.notices if notice.id not in asks)
    return DutyLines(lines, asks, left_out)


def slip_line(
    conn: Connection,
    content: Content,
    notice: Notice,
    *,
    names: Mapping[str, str],
    on: dt.date,
    lang: str,
) -> DutyLine:
    """Return the line of the duty that the slip of `notice` is about, for the day `on`."""
    writer = _Writer(conn, content, names, on, lang)
    return writer.line(content.duties[notice.duty], {content.part(notice): []})


def _news(
    conn: Connection,
    content: Content,
    notice: Notice,
    part: Part,
    *,
    on: dt.date,
    lang: str,
    inquiry: Inquiry | None,
) -> News | None:
    """Return what is left to say of `notice`, None if it is settled."""
    duty = content.duties[notice.duty]
    ladder = content.ladders[duty.ladder]
    about, now = matter(conn, notice, duty, ladder, part), state(duty, on)
    own = ask(about, part, now)
    answer = ask(Matter("progress", since=notice.on), part, now) if inquiry else None
    if about.name in {"progress", "silent"}:
        return News(about.name, own, inquiry=inquiry) if own else None
    if own is None:
        return News("progress", answer, inquiry=inquiry) if answer else None
    name, _, label = notice.rung.partition(":")
    rung = None if name in EVENTS else rung_of(ladder, notice.rung)
    return News(
        about.name,
        own,
        workdays=rung.days if rung and rung.when == "unsigned" else 0,
        period=label if rung and rung.when == "pace" else "",
        is_repeat=bool(rung and rung.every),
        remark=remark(conn, notice, lang),
        move=move(conn, notice, lang),
        inquiry=inquiry if answer else None,
    )


class _Writer(NamedTuple):
    """The writer of the lines of one letter, which `is_mixed` if they are of several plans."""

    conn: Connection
    content: Content
    names: Mapping[str, str]
    on: dt.date
    lang: str
    is_mixed: bool = False

    def line(self, duty: Duty, parts: Mapping[Part, Sequence[News]]) -> DutyLine:
        now = state(duty, self.on)
        part = min(parts, key=lambda each: ASKS.index(_ask(parts[each], each, now)))
        news = tuple(dict.fromkeys(parts[part]))
        edition, names = self.content.plans[duty.plan], self.names
        obligation = edition.obligation_of(duty)
        return DutyLine(
            key=duty.key,
            title=_title(self.conn, duty, edition, self.lang),
            due_on=duty.due_on,
            ask=_ask(news, part, now),
            part=part,
            news=news,
            light=standing(now.facts, self.on).light,
            is_over=now.is_over or now.is_paused,
            of=f"{duty.plan}/{duty.obligation}",
            plan=one_line(edition.plan.title) if self.is_mixed else "",
            measure=duty.measure,
            says=tuple(says for says in (obligation.says, *obligation.also) if says),
            period=duty.period,
            lead=names[duty.lead],
            performer=names[duty.performer],
            participants=tuple(names[each] for each in duty.participants),
            provisional=duty.provisional,
            delivered=duty.delivered,
            quota_min=duty.quota_min,
            quota_max=duty.quota_max,
            acknowledged_on=self.by_now(duty.acknowledged_on),
            filed_on=self.by_now(duty.filed_on),
            done_on=_done_on(self.conn, duty),
            returned_on=self.by_now(duty.returned_on),
            meets_on=duty.planned_on,
            reason=_reason(self.conn, duty) if now.is_returned else "",
            parties=None if part == "performer" else self.content.parties.get(duty.key),
        )

    def by_now(self, day: dt.date | None) -> dt.date | None:
        """Return the day of a fact that has happened, None for a later one."""
        return day if day is not None and day <= self.on else None


def _done_on(conn: Connection, duty: Duty) -> dt.date | None:
    """Return the day of doing that the last filing states, None where it was returned."""
    filing = life.under_review(conn, duty.key) if duty.filed_on else None
    return filing.done_on if filing else None


def _ask(news: Sequence[News], part: Part, now: State) -> Ask:
    return most_pressing((*(one.ask for one in news), present(part, now)))


def _title(conn: Connection, duty: Duty, edition: InForce, lang: str) -> str:
    """Return the title of a duty, for the reading of a party with its share of the year.

    What opens once its period is over has the name of the period with it: its words may say "this
    year" of a year that has gone.
    """
    title, share = duty.title, share_of(conn, edition.plan, duty)
    if duty.covers_until and duty.covers_until < duty.opens_on:
        title = say(
            lang, "notice.title-of-period", title=title, period=say_period(lang, duty.period)
        )
    return say(lang, "shares.title", title=title, share=share) if share else title


def _reason(conn: Connection, duty: Duty) -> str:
    """Return the reason of the last return."""
    returns = [each for each in life.submissions(conn, duty.key) if each.returned_on]
    return (returns[-1].reason or "") if returns else ""
