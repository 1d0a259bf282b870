"""Documents of these tests: the plan text and samples beside the repository, and our corpus."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.reading.document.lines import paper
from catalog.reading.proposing.drafting import draft
from catalog.reading.who.register import Register, load_register

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="session")
def guangdong_register() -> Register:
    return load_register("guangdong-2013")


@pytest.fixture(scope="session")
def drafted(guangdong_register):
    """A function from a text to its draft, with the agencies of Guangdong or others."""

    def make(text, register=guangdong_register, on=date(2024, 1, 10)):
        return draft(paper(text, name="test.txt"), register, code="test", on=on)

    return make


@pytest.fixture(scope="session")
def shared_text():
    """A function that reads a text beside the repository; it skips the test without one."""

    def read(name):
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"{name} does not lie beside the repository")
        return path.read_text(encoding="utf-8")

    return read
