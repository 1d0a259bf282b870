"""The place in the handbook that explains each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HELP = "/help"
DUTY = "/duty/{plan}/{obligation}/{party}/{period}"

# The beginning of a route's path -> chapter#anchor; the longest one that fits counts.
PLACES: Mapping[str, str] = {
    "/": "daily-pages#page-cockpit",
    "/account": "settings-pages#page-account",
    "/account/codes": "settings-pages#page-account",
    "/account/sessions": "settings-pages#page-sessions",
    "/account/substitutes": "agency#substitute",
    "/account/tokens": "settings-pages#page-tokens",
    "/assign": "daily-pages#page-assign",
    "/audit": "report-pages#page-audit",
    "/bulk": "daily-pages#page-bulk",
    "/burden": "daily-pages#page-burden",
    "/calendar": "daily-pages#page-calendar",
    "/circulars": "report-pages#page-circulars",
    "/duty": "daily-pages#page-duty",
    f"{DUTY}/agenda": "daily-pages#page-prepared",
    f"{DUTY}/do": "daily-pages#page-deed",
    f"{DUTY}/evaluation": "report-pages#page-evaluation",
    f"{DUTY}/prepared": "daily-pages#page-prepared",
    f"{DUTY}/print": "daily-pages#page-print",
    f"{DUTY}/receipt": "daily-pages#page-receipt",
    f"{DUTY}/shares": "daily-pages#page-shares",
    "/evaluation": "report-pages#page-evaluation",
    "/extensions": "daily-pages#page-extensions",
    "/feeds": "settings-pages#page-feeds",
    "/gantt": "daily-pages#page-gantt",
    "/handed": "plan-pages#page-handed",
    "/help": "settings-pages#page-help",
    "/import": "daily-pages#page-import",
    "/in": "daily-pages#page-inbox",
    "/indicators": "report-pages#page-indicators",
    "/ledger": "daily-pages#page-ledger",
    "/outbox": "daily-pages#page-outbox",
    "/past": "plan-pages#page-past",
    "/plan-problems": "daily-pages#page-plan-problems",
    "/plans": "plan-pages#page-plans",
    "/plans/drafts": "plan-pages#page-drafts",
    "/plans/groups": "plan-pages#page-groups",
    "/plans/publish": "plan-pages#page-publish",
    "/plans/settings": "plan-pages#page-plan-settings",
    "/problems": "daily-pages#page-problems",
    "/review": "daily-pages#page-review",
    "/scorecards": "report-pages#page-scorecards",
    "/settings": "settings-pages#page-contacts",
    "/settings/agencies": "settings-pages#page-offices",
    "/settings/backup": "settings-pages#page-backup",
    "/settings/channels": "settings-pages#page-channels",
    "/settings/doctor": "settings-pages#page-doctor",
    "/settings/mail": "settings-pages#page-mail",
    "/settings/offices": "settings-pages#page-peers",
    "/settings/substitutes": "settings-pages#page-substitutes",
    "/settings/tokens": "settings-pages#page-all-tokens",
    "/settings/users": "settings-pages#page-users",
    "/settings/workdays": "settings-pages#page-workdays",
    "/setup": "first-hour#setup-code",
    "/setup/administrator": "first-hour#setup-people",
    "/setup/agencies": "first-hour#setup-agencies",
    "/setup/go": "first-hour#setup-go",
    "/setup/mail": "first-hour#setup-mail",
    "/setup/office": "first-hour#setup-office",
    "/setup/past": "first-hour#setup-start",
    "/setup/people": "first-hour#setup-users",
    "/setup/plan": "first-hour#setup-plan",
    "/setup/start": "first-hour#setup-start",
    "/sign-in": "settings-pages#page-sign-in",
    "/slips": "report-pages#page-slips",
    "/targets": "daily-pages#page-targets",
    "/trackers": "plan-pages#page-trackers",
    "/views": "daily-pages#page-ledger",
}


def place_of(path: str) -> str:
    """Return the chapter and anchor for the page of a route, empty where the handbook has none."""
    parts = path.split("/")
    beginnings = ("/".join(parts[:n]) or "/" for n in range(len(parts), 1, -1))
    return next((PLACES[each] for each in beginnings if each in PLACES), "")


def help_address(path: str) -> str:
    """Return the address of the handbook for the page of a route, of the contents for no route."""
    place = place_of(path)
    return f"{HELP}/{place}" if place else HELP
