"""The slowest tests of the suite, written into docs/tests.md: run every test and keep the table.

python -m tests.slowest [--junit FILE]     with FILE, of a run that `--junitxml=FILE` wrote
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "tests.md"
MANY = 20
RUN = (sys.executable, "-m", "pytest", "-q", "-n", "logical")
HEAD = """# Slow tests

The {many} slowest of {count} tests, by the wall clock, fixtures included. The whole suite took
{minutes:.1f} minutes on {machine}. `make slowest` writes this page.

| seconds | test |
|---:|---|
"""


def table(junit: Path) -> str:
    """Return the page for a report of pytest."""
    (suite,) = ET.parse(junit).getroot()  # noqa: S314  our own report
    tests = sorted(suite, key=lambda case: -float(case.attrib["time"]))
    head = HEAD.format(
        many=MANY,
        count=len(tests),
        minutes=float(suite.attrib["time"]) / 60,
        machine=f"{platform.machine()}, Python {platform.python_version()}",
    )
    return head + "".join(_line(case.attrib) for case in tests[:MANY])


def _line(case: dict[str, str]) -> str:
    file = case["classname"].replace(".", "/")
    name = case["name"].replace("|", "\\|")
    return f"| {float(case['time']):.1f} | `{file}.py::{name}` |\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--junit", type=Path)
    given = parser.parse_args().junit
    with tempfile.TemporaryDirectory() as folder:
        junit = given or Path(folder, "junit.xml")
        ended = 0 if given else subprocess.call([*RUN, f"--junitxml={junit}"], cwd=ROOT)
        TABLE.write_text(table(junit), encoding="utf-8")
    return ended


if __name__ == "__main__":
    sys.exit(main())
