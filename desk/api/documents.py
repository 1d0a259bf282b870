"""JSON documents of the contract, made from rows of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.duties.standing import standing
from ledger.duties import duties

if TYPE_CHECKING:
    import datetime as dt

    from catalog.offices.agency_names import AgencyNames
    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice
    from ledger.post.slips import SlipNotice
    from tasks.reports.targets import PartyYear, TargetReport


def duty_document(duty: Duty, agencies: AgencyNames[Any], on: dt.date) -> dict[str, Any]:
    """Return the document of a duty with its standing on day `on`.

    Its agencies have the names of its end, or of the day of `agencies`.
    """
    now, names = standing(duties.facts(duty), on), agencies.of(duty)
    return {
        "key": duty.key,
        "plan": duty.plan,
        "measure": duty.measure,
        "obligation": duty.obligation,
        "kind": duty.kind,
        "title": duty.title,
        "period": duty.period,
        "lead": names[duty.lead].name,
        "performer": names[duty.performer].name,
        "participants": [names[p].name for p in duty.participants],
        "opens_on": duty.opens_on,
        "due_on": duty.due_on,
        "covers_from": duty.covers_from,
        "covers_until": duty.covers_until,
        "due_version": duty.due_version,
        "quota_min": duty.quota_min,
        "quota_max": duty.quota_max,
        "delivered": duty.delivered,
        "basis": duty.basis,
        "status": now.status,
        "light": now.light,
        "provisional": duty.provisional,
    }


def notice_document(notice: Notice, agencies: AgencyNames[Any]) -> dict[str, Any]:
    """Return a notice with its agency, as called on its day, and the state of its message."""
    agency, _, position = notice.recipient.partition("/")
    return {
        "id": notice.id,
        "on": notice.on,
        "rung": notice.rung,
        "key": notice.duty,
        "due_version": notice.due_version,
        "to": agencies.at(notice.on)[agency].name,
        "position": position,
        "channel": notice.channel,
        "form": notice.form,
        "message": notice.message,
        "coalesced": list(notice.coalesced),
        "state": notice.state,
        "reason": notice.reason,
    }


def slip_document(entered: SlipNotice, agencies: AgencyNames[Any]) -> dict[str, Any]:
    """Return a slip: its notice, with number and release; both None while it is a draft."""
    slip = entered.slip
    return notice_document(entered.notice, agencies) | {
        "number": slip and slip.number,
        "released_on": slip and slip.released_on,
        "released_by": slip and slip.released_by,
    }


def target_document(report: TargetReport, agencies: AgencyNames[Any]) -> dict[str, Any]:
    """Return a target with its readings, its place and its parties; figures are strings.

    `missing` names the parties without a reading in years in which others have one.
    """
    target, place = report.target, report.place
    facts = ("indicator", "value", "unit", "by", "measured", "bound")
    read = ("year", "number", "value", "source", "reported_on", "reported_by")
    return {
        "plan": report.plan,
        "target": report.id,
        "measure": report.measure.number,
        "lead": agencies[report.lead].name,
        **{name: getattr(target, name) for name in facts},
        "baseline": target.baseline and target.baseline.model_dump(mode="json"),
        "readings": [{name: getattr(r, name) for name in read} for r in report.readings],
        **place._asdict(),
        "roll_up": target.roll_up if target.parties else None,
        "parties": [_party_document(each, agencies) for each in report.parties],
        "missing": {
            year: [agencies[agency].name for agency in silent]
            for year, silent in report.incomplete.items()
        },
    }


def _party_document(party: PartyYear, agencies: AgencyNames[Any]) -> dict[str, Any]:
    """Return a party's year: its reading and its share, None where there is none."""
    return {
        "party": party.party,
        "agency": agencies[party.agency].name,
        "year": party.year,
        "value": party.reading and party.reading.value,
        "share": f"{party.share.value:f}" if party.share else None,
        "met": party.met,
    }
