"""`python -m desk.serve PORT`: the pages, for browsers here or behind a proxy."""

from __future__ import annotations

import sys

import uvicorn

from catalog.errors import DubanError
from desk.commands.first_codes import setup_codes
from desk.commands.output import hint
from desk.connections import LOOPBACK, Addresses, Connection, Limits
from desk.hosts import Hosts
from ledger.offices.installation import load_settings
from tasks.clock import now_utc

GRACE = 10  # seconds for open requests when it is stopped


def main(port: int) -> None:
    """Serve until SIGTERM, on loopback unless the settings name another address.

    There is no access log, because addresses of feeds and searches are private. Headers of a
    proxy about the caller are read by the application, which knows the proxies of the settings.
    """
    settings = load_settings()
    for line in setup_codes(settings, port, at=now_utc(), anew=False):  # where no `duban up` did
        hint(line)
    Connection.limits = Limits(proxies=Addresses(*LOOPBACK, *settings.proxies))
    uvicorn.run(
        Hosts(settings, clock=now_utc),
        host=settings.listen,
        port=port,
        http=Connection,
        ws="none",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except DubanError as error:
        sys.exit(f"duban: {error}")
