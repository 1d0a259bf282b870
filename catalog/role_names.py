"""The names of roles: of agencies and people in a duty, of addressees, and of users.

Which role may do which deed is declared in `catalog/duties/deeds.py`.
"""

from __future__ import annotations

from typing import Literal

AgencyRole = Literal["performer", "lead", "participant"]
# What a person is to a duty: an officer of the agency that performs it, leads it or takes part, or
# is invited to its meeting alone, of the coordinating office, or a reviewer.
Role = Literal[AgencyRole, "guest", "office", "reviewer"]
# Whom a ladder's rung may name; plans spell it so, and a ladder's digest holds the words.
# `responsible` is the leader of the lead agency, in the words of older plans.
Addressee = Literal[
    "performer",
    "lead",
    "participants",
    "office",
    "performer.head",
    "performer.leader",
    "lead.head",
    "responsible",
]
UserRole = Literal["officer", "reviewer", "administrator"]
