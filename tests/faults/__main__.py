"""`python -m tests.faults`: try every fault of `rows.toml`, including the long ones.

The results are written to `results.json` beside this file, and as a table into docs/faults.md. A
whole run fails where a failpoint of the code is never hit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from tests import docs_table
from tests.faults import points

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE, RESULTS = ROOT / "docs" / "faults.md", HERE / "results.json"
COLUMNS = ("fault", "tried", "tests", "outcome")
HITS = ("killed at", "times")


class Case(NamedTuple):
    """One test that ran: its outcome, and its counts (kills, letters, …)."""

    node: str
    outcome: str
    counts: dict[str, int]


def main() -> int:
    rows = tomllib.loads((HERE / "rows.toml").read_text(encoding="utf-8"))["row"]
    selection = [row for row in rows if _options().only in row["fault"]]
    with tempfile.TemporaryDirectory() as folder:
        tests = sorted({test for row in selection for test in row["tests"]})
        cases = _run(tests, Path(folder))
        hits = points.hits(Path(folder) / "hits")
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results |= {row["fault"]: _result(row["tests"], cases) for row in selection}
    current = {row["fault"]: results[row["fault"]] for row in rows if row["fault"] in results}
    RESULTS.write_text(json.dumps(current, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = [_cells(*line) for line in current.items()]
    print("\n".join(" | ".join(line) for line in lines))
    docs_table.put_into(PAGE, "faults", COLUMNS, lines)
    never_hit = _put_hits(hits, is_whole=selection == rows)
    return 1 if never_hit or any(result["failed"] for result in current.values()) else 0


def _put_hits(hits: dict[str, int], *, is_whole: bool) -> list[str]:
    """Print how often each point was hit; return those that a whole run has never hit."""
    lines = [(f"`{point}`", f"{count:,}") for point, count in hits.items()]
    print("\n".join(" | ".join(line) for line in lines))
    if not is_whole:
        return []
    docs_table.put_into(PAGE, "points", HITS, lines)
    never_hit = [point for point, count in hits.items() if not count]
    for point in never_hit:
        print(f"never hit: {point}", file=sys.stderr)
    return never_hit


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", default="", help="the rows whose names contain this")
    return parser.parse_args()


def _run(tests: list[str], folder: Path) -> list[Case]:
    """Run the tests; `folder` gets their report, and the points at which they have killed."""
    report, words = folder / "report.xml", [sys.executable, "-m", "pytest", "-q"]
    words += ["-o", "junit_family=xunit1", f"--junitxml={report}", *tests]
    environ = {**os.environ, "DUBAN_FAULTS": "1", points.FILE: str(folder / "hits")}
    subprocess.run(words, cwd=ROOT, env=environ, check=False)
    return [_case(element) for element in ET.parse(report).iter("testcase")]  # noqa: S314  our own


def _case(element: ET.Element) -> Case:
    ends = {child.tag for child in element} & {"failure", "error", "skipped"}
    counts = {p.attrib["name"]: int(p.attrib["value"]) for p in element.iter("property")}
    node = f"{element.attrib['file']}::{element.attrib['name']}"
    return Case(node, "skipped" if ends == {"skipped"} else "failed" if ends else "held", counts)


def _result(tests: list[str], cases: list[Case]) -> dict[str, Any]:
    own = [case for case in cases if any(_is_of(case.node, test) for test in tests)]
    ends = Counter(case.outcome for case in own)
    attempts: Counter[str] = Counter()
    for case in own:
        attempts.update(case.counts)
    return {name: ends[name] for name in ("held", "failed", "skipped")} | {"tried": dict(attempts)}


def _is_of(node: str, test: str) -> bool:
    return node == test or node.startswith((f"{test}[", f"{test}::"))


def _cells(fault: str, result: dict[str, Any]) -> tuple[str, ...]:
    attempts = ", ".join(f"{name} {count:,}" for name, count in result["tried"].items())
    ran = result["held"] + result["failed"]
    outcome = f"{result['failed']} do not hold" if result["failed"] or not ran else "all hold"
    return fault, attempts or "–", f"{ran}", outcome


if __name__ == "__main__":
    sys.exit(main())
