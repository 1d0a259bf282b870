"""The length of one calendar day."""

from __future__ import annotations

from datetime import timedelta

A_DAY = timedelta(days=1)
