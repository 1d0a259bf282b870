"""The targets of a plan, each with its readings, the figures of its parties, and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.plans.shares import Part, complete_years
from catalog.plans.trajectory import figure, place, reaches
from ledger.people import agencies
from ledger.reports import readings
from tasks.in_force import in_force
from tasks.shares import shares

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from catalog.plans.contents import Measure, Target
    from catalog.plans.trajectory import Place
    from ledger.reports.readings import Reading
    from ledger.session import Connection
    from tasks.shares import Parts

ALONE = "-"  # the party in the key of a duty that the lead performs


class PartyYear(NamedTuple):
    """A party's year: its last reading and its share, either of which may be missing.

    `agency` is the one that holds the party's part today. `met` tells whether the reading reaches
    the share, compared as figures of the target are.
    """

    party: str
    agency: str
    year: int
    reading: Reading | None
    share: Part | None
    met: bool | None


class TargetReport(NamedTuple):
    """A target under its full id ("8.emerging-share"), its readings, and its place.

    `lead` is the agency that answers for it now; `place` tells whether it is on course. `figures`
    are those of the target by year: the lead's, or what all parties make together. `holders` are
    the agencies that hold the parts of the parties today, `parties` what these reported.
    """

    plan: str
    id: str
    measure: Measure
    lead: str
    target: Target
    readings: list[Reading]
    place: Place
    figures: Mapping[int, Decimal]
    holders: Mapping[str, str]
    parties: tuple[PartyYear, ...] = ()

    def of(self, own: Collection[str]) -> TargetReport | None:
        """Return what an agency sees: all it leads, its own figures of others, else None."""
        if self.lead in own:
            return self
        parties = {party for party, agency in self.holders.items() if agency in own}
        if not parties:
            return None
        return self._replace(
            parties=tuple(each for each in self.parties if each.party in parties),
            readings=[reading for reading in self.readings if party_of(reading) in parties],
        )

    def silent(self, year: int) -> list[str]:
        """Return the agencies whose part has no reading for `year`."""
        reported = {each.party for each in self.parties if each.year == year and each.reading}
        return [agency for party, agency in self.holders.items() if party not in reported]

    @property
    def incomplete(self) -> dict[int, list[str]]:
        """The years in which some parties have reported, with the agencies that have not."""
        years = sorted({each.year for each in self.parties if each.reading})
        return {year: silent for year in years if (silent := self.silent(year))}


def target_reports(conn: Connection, plan: str) -> list[TargetReport]:
    """Return the targets of the edition in force, in the plan's order."""
    edition, heirs = in_force(conn, plan).plan, agencies.heirs(conn)
    every, parts = readings.listed(conn, plan), shares(conn, edition)
    reports = []
    for measure in edition.measures:
        for target in measure.targets:
            full = f"{measure.number}.{target.id}"
            own = [reading for reading in every if reading.target == full]
            figures = _figures(measure, target, own, parts[full])
            holders = {p: heirs.of(p, plan, measure.number) for p in target.parties or ()}
            report = TargetReport(
                plan=plan,
                id=full,
                measure=measure,
                lead=heirs.of(measure.lead, plan, measure.number),
                target=target,
                readings=own,
                place=place(target, figures, starts_on=edition.starts_on),
                figures=figures,
                holders=holders,
                parties=tuple(_party_years(target, holders, own, parts[full])),
            )
            reports.append(report)
    return reports


def party_of(reading: Reading) -> str:
    """Return the party that reported, as the plan names it; `-` for the lead alone."""
    return reading.duty.split("/")[2]


def _figures(
    measure: Measure, target: Target, own: Sequence[Reading], parts: Parts
) -> dict[int, Decimal]:
    """Return the figure of each year (docs/rules.md, Targets by locality).

    What the lead reported before the target had parties still counts for its year.
    """
    lead = {r.year: figure(r.value) for r in own if party_of(r) in (ALONE, measure.lead)}
    if not target.parties or target.roll_up == "lead":
        return lead
    by_year: Parts = {}
    for reading in own:
        party = party_of(reading)
        share = parts.get(reading.year, {}).get(party)
        value = figure(reading.value)
        part = Part(value, share.weight) if share else Part(value)
        by_year.setdefault(reading.year, {})[party] = part
    return lead | complete_years(target, by_year)


def _party_years(
    target: Target, holders: Mapping[str, str], own: Sequence[Reading], parts: Parts
) -> list[PartyYear]:
    last = {(party_of(r), r.year): r for r in own}
    years = sorted({reading.year for reading in own} | parts.keys())
    return [
        _party_year(target, (party, agency), year, last.get((party, year)), parts)
        for year in years
        for party, agency in holders.items()
    ]


def _party_year(
    target: Target, party: tuple[str, str], year: int, reading: Reading | None, parts: Parts
) -> PartyYear:
    share = parts.get(year, {}).get(party[0])
    met = None
    if reading and share:
        met = reaches(target, figure(reading.value), share.value, bound="reach")
    return PartyYear(*party, year, reading, share, met)
