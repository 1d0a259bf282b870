"""`/settings/backup`: when the last backup was, those in the home, and one taken now.

No backup is downloaded here. It holds the whole ledger: every agency's evidence, the digests of
passwords and the secrets of one-time codes. A session left open would be enough to take it all
away, so only whoever runs the machine gets at the files.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from tasks.upkeep import backups

router = APIRouter()

Administrator = Annotated[Visit, Depends(entering("administer"))]
MOST = 50  # backups listed
PATH = "/settings/backup"


@router.get(PATH)
def show(visit: Administrator) -> Response:
    """Show the last backup, the one being written, and those in the home."""
    return _page(visit, forms.Form())


@router.post(PATH)
def take(visit: Administrator) -> Response:
    """Begin a backup into the home; the page shows how far it is."""
    clock = visit.desk.clock
    try:
        backups.start(visit.ledger, clock(), clock, actor=visit.actor.user)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang), 409)
    return redirect(PATH, message="backup.said.begun")


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    settings, at = visit.desk.settings, visit.desk.clock()
    last, running = backups.last(settings), backups.running(settings)
    every = backups.listed(settings)
    answer = rendering.page(
        visit,
        "upkeep/backup",
        status,
        page="backup",
        form=form,
        last=last,
        is_late=last is None or at - last.at > backups.RECENT,
        days=(at - last.at).days if last else 0,
        running=running,
        interrupted=backups.is_interrupted(settings),
        failure=backups.failure(settings),
        copies=every[:MOST],
        count=len(every),
        total=sum(copy.size for copy in every),
        folder=backups.folder(settings),
    )
    if running:
        answer.headers["Refresh"] = f"3; url={visit.desk.settings.base_path}{PATH}"
    return answer
