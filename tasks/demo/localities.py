"""Figures of localities in the demonstration: shares handed out, basic data reported."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from tasks.localities.handing_out import NewShare, hand_out
from tasks.localities.indicator_values import NewValue, report_values
from tasks.shares import handed_out

if TYPE_CHECKING:
    from catalog.plans.contents import Indicator, Target
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.act import Act

_SPARE = Decimal("1.05")  # shares of a little more than the target
_RATE, _COUNT = 40, 60  # figures invented around these


def file_figures(ledger: Ledger, plan: Plan, duty: Duty, act: Act) -> bool:
    """File a duty by the figures that prove it; False for one that others prove."""
    year = int(duty.period) if duty.period.isdecimal() else 0
    if targets := handed_out(plan, duty.obligation, year):
        hand_out(ledger, duty.key, act, new=_shares(plan, targets, year), reason="(演示)按年分解")
        return True
    if plan.indicators and plan.indicators_by == duty.obligation and duty.party:
        values = [
            NewValue(duty.party, i.id, _value(i, duty.party, year), "(演示)年度統計")
            for i in plan.indicators
        ]
        report_values(ledger, plan.plan, year, act, new=values)
        return True
    return False


def _shares(plan: Plan, targets: dict[str, Target], year: int) -> list[NewShare]:
    """Return equal shares of each target, growing over its years."""
    shares = []
    for full, target in targets.items():
        parties = target.parties or ()
        left = target.by.year - year
        whole = Decimal(str(target.value)) * _SPARE * (100 - 10 * left) / 100
        if target.measured == "cumulative":
            whole /= target.by.year - plan.starts_on.year + 1
        shares += [NewShare(full, party, f"{whole / len(parties):.0f}") for party in parties]
    return shares


def _value(indicator: Indicator, agency: str, year: int) -> str:
    """Return a figure that depends on indicator, locality and year alone."""
    seed = f"{indicator.id}|{agency}|{year}"
    spread = int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16)
    if indicator.unit == "%":
        return f"{_RATE + spread % 300 / 10:.1f}"
    return str(spread % _COUNT)
