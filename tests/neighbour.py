"""Another office, of which a test needs no more than its key: what it signs for one of ours."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from catalog.offices import bundle
from ledger.offices import keys
from tasks.offices.handing_down import seal

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.session import Ledger

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
ABOVE = "national-2012/3.local-plan/guangdong/once"
BUNDLE = "0123456789abcdef"


class Neighbour:
    """An office whose key lies in `home`, speaking to the office of `ledger`."""

    def __init__(self, home: Path, ledger: Ledger) -> None:
        home.mkdir(exist_ok=True)
        self.home = home
        self.key = keys.public(home)
        self._said = {
            "origin": {"name": "肇慶市協調辦", "fingerprint": keys.fingerprint(self.key)},
            "to": keys.fingerprint(keys.public(ledger.settings.home)),
            "at": AT,
        }

    def hands_down(self, *, title: str = "制訂省實施方案") -> bytes:
        """Return a file with one duty, due at the end of 2014."""
        duty = {
            "key": ABOVE,
            "title": title,
            "says": "各省制訂",
            "measure": "組織實施",
            "kind": "deliverable",
            "basis": "plan",
            "period": "once",
            "opens_on": ON,
            "due_on": dt.date(2014, 12, 31),
            "quota_min": None,
            "quota_max": None,
        }
        plan = {"code": "national-2012", "title": "國家計劃", "number": None, "issued_on": ON}
        told = self._said | {"id": BUNDLE, "plan": plan, "duties": [duty]}
        return self._signed(bundle.HandDown, told)

    def reports(self, key: str, *, said: str = "", number: int = 1) -> bytes:
        """Return a file that says our duty `key` was taken over, and is overdue there."""
        child = {
            "title": "市級輔導",
            "performer": "市經貿局",
            "due_on": ON,
            "status": "overdue",
            "light": "red",
            "closed_on": None,
            "delivered": 0,
            "quota_min": None,
            "said": said,
        }
        answer = {"duty": key, "state": "taken-over", "plan": "市計劃", "children": [child]}
        told = self._said | {"number": number, "on": ON, "answers": [answer]}
        return self._signed(bundle.Report, told)

    def _signed(self, kind: type[bundle.HandDown | bundle.Report], told: dict[str, Any]) -> bytes:
        return seal(self.home, kind.model_validate_json(json.dumps(told, default=_plain)))


def _plain(value: dt.date) -> str:
    return value.isoformat()
