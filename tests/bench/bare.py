"""`python -m tests.bench.bare PORT`: a bare page of fifty rows, by FastAPI and Jinja2."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

PAGE = """<!doctype html><html lang="zh-Hant"><title>台賬</title><table>
<tr><th>燈號</th><th>事項</th><th>承辦單位</th><th>時限</th></tr>
{% for row in rows %}<tr><td>{{ row.light }}</td>
<td><a href="/duty/{{ row.key }}">{{ row.title }}</a>
<p>措施{{ row.measure }} · {{ row.period }}</p></td>
<td>{{ row.performer }}</td><td>{{ row.due_on }}</td></tr>
{% endfor %}</table></html>"""
ROWS = [
    {
        "key": f"bench/{n}.report/city-{n}/2014-06",
        "light": "逾期",
        "title": f"按月報送第{n}項進展情況",
        "measure": n,
        "period": "2014-06",
        "performer": f"市city-{n}",
        "due_on": "2014年6月30日",
    }
    for n in range(50)
]


def create_app() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    page = Environment(autoescape=True).from_string(PAGE)

    @app.get("/ledger")
    def ledger() -> HTMLResponse:
        return HTMLResponse(page.render(rows=ROWS))

    return app


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(create_app(), host="127.0.0.1", port=port, access_log=False, log_level="warning")
