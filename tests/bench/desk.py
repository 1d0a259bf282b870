"""`python -m tests.bench.desk PORT`: the desk as `desk.serve` serves it, on the day of `lived`."""

from __future__ import annotations

import datetime as dt
import sys

import uvicorn

from desk.app import create_app
from ledger.offices.installation import load_settings
from tests.bench.lived import ON

AT = dt.datetime.combine(ON, dt.time(2), dt.UTC)

if __name__ == "__main__":
    app = create_app(load_settings(), clock=lambda: AT)
    port = int(sys.argv[1])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")
