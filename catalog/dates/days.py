"""The length of one calendar day, and how far two right clocks may differ."""

from __future__ import annotations

from datetime import timedelta

A_DAY = timedelta(days=1)
SKEW = timedelta(hours=1)  # an instant further ahead than this comes from a wrong clock
