"""Material for the machine of `test_any_order`: a small plan, its people, and every deed."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from catalog.duties.deeds import DEEDS
from tasks.people.users import Newcomer

OBLIGATIONS = [
    {"id": "report", "says": "一份報告", "due_on": date(2013, 9, 30), "evidence": []},
    {"id": "rules", "says": "由各市", "parties": ["city"], "due_on": date(2013, 12, 31)}
    | {"evidence": []},
    {"id": "talks", "kind": "meeting", "due_on": date(2013, 10, 31), "evidence": []},
    {"id": "fairs", "says": "三場", "recurrence": "yearly", "quota": {"min": 3}, "evidence": []},
]
TARGET = {"id": "share", "indicator": "占比", "value": 21, "unit": "%", "by": date(2015, 12, 31)}
STAFF = [
    Newcomer("chen", "陳文靜", "office"),
    Newcomer("huang", "黃志明", "office"),
    Newcomer("li", "李志強", "trade"),
    Newcomer("wu", "吳海燕", "city"),
    Newcomer("he", "何家輝", "stranger"),
    Newcomer("gone", "羅永昌", "trade"),
    Newcomer("audit", "周敏", "reviewer", "reviewer"),
]
AGENCY = {user.id: user.agency for user in STAFF}
LENDERS = ("chen", "li", "wu", "he")

# The fields of each deed; a slip is named by its notice.
FIELDS: dict[str, tuple[str, ...]] = {
    name: (
        *(() if deed.page else ("notice",)),
        *("agency" if field.kind == "agency" else field.name for field in deed.fields
          if not field.today and field.kind != "figure"),
    )
    for name, deed in DEEDS.items()
}  # fmt: skip
# A step draws from families: else the deeds that everybody may do would crowd out the rest.
FAMILIES = {
    "answer": ("acknowledge", "progress", "deliver-item", "report-reading"),
    "meet": ("plan-meeting", "call-off-meeting", "answer-meeting"),
    "file": ("file",),
    "judge": ("return", "accept", "close"),
    "hand": ("refuse", "reassign"),
    "extend": ("ask-extension", "grant-extension", "refuse-extension"),
    "pause": ("suspend", "resume"),
    "end": ("close-not-done", "waive"),
    "press": ("urge", "release-slip", "withdraw-slip"),
    "talk": ("raise-problem", "answer-problem", "comment"),
}
_LISTED = {deed for family in FAMILIES.values() for deed in family}
FAMILIES["talk"] += tuple(deed for deed in DEEDS if deed not in _LISTED)
LEFT_OUT = {"reason", "text", "title", "summary", "document", "source"}
MEETING = {
    "time": "09:00",
    "end": "10:30",
    "participants": ("stranger",),
    "tentative": True,
    "answer": "accepted",
}
DAYS = st.sampled_from([0, 0, 0, 0, 1, 3, 10, 60])
OFTEN = [*FAMILIES, "answer", "file", "file", "judge", "judge", "judge", "extend", "press"]
