"""No byte of a pack changes unseen, and whatever a pack holds, verifying it ends in a verdict."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.offices.installation import load_settings
from ledger.proof import verify
from ledger.session import Ledger
from tasks.deeds import answering
from tasks.proof.pack import Scope, stream_pack
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from pathlib import Path

KEY = "small-2013/1.report/-/once"
SCOPES = {
    "whole": Scope("plan", "small-2013", ("small-2013",), (KEY,)),
    "sealed": Scope("duty", KEY, ("small-2013",), (KEY,), frozenset({"trade"})),
}
SPOILT = st.sampled_from(
    ["", "x", "{}", "[]", "null", "1e999", '{"seq":1}', '{"body":1,"seq":"2","hash":3}', "[" * 2000]
)


@pytest.fixture(scope="module", params=SCOPES)
def pack(request, tmp_path_factory) -> Path:
    """A pack of a plan that was lived a few days, unpacked."""
    folder = tmp_path_factory.mktemp("verify")
    with Ledger.open(load_settings({"DUBAN_HOME": str(folder / "home")})) as ledger:
        world = World(ledger, PostOffice())
        world.publish(small_plan(folder, {}))
        for day in (ISSUED, date(2013, 8, 6), date(2013, 8, 7)):
            world.sweep(day)
            if day == ISSUED:
                world.acknowledge(KEY)
            said = f"至{day}的進展"
            answering.progress(ledger, KEY, world.act("trade/officer"), text=said)
        whole = b"".join(stream_pack(ledger, SCOPES[request.param], summary="簡介"))
    (folder / "pack.zip").write_bytes(whole)
    shutil.unpack_archive(folder / "pack.zip", folder / "unpacked")
    assert verify.check(folder / "unpacked").ok
    return folder / "unpacked"


class Changed:
    """A file of the pack with other bytes, for as long as the block lasts."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content, self.before = path, content, path.read_bytes()

    def __enter__(self) -> None:
        self.path.write_bytes(self.content)

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.before)


def files(pack: Path) -> list[Path]:
    found = (p for p in pack.rglob("*") if p.is_file() and p.stat().st_size)
    return sorted(p for p in found if p.name != verify.MANIFEST)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_byte_changes_unseen(pack, data):
    path = data.draw(st.sampled_from(files(pack)))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with Changed(path, bytes(content)):
        assert not verify.check(pack).ok


@settings(max_examples=60, deadline=None)
@given(data=st.data(), spoilt=SPOILT)
def test_a_line_that_is_none_is_named_and_ends_nothing(pack, data, spoilt):
    path = data.draw(st.sampled_from([pack / verify.HISTORY, pack / verify.ANCHORS]))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[data.draw(st.integers(0, len(lines) - 1))] = spoilt
    with Changed(path, "\n".join(lines).encode()):
        assert not verify.check(pack).ok


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [[]], {"changes": [1]}])
@pytest.mark.parametrize("name", ["seq", "at", "payload", "prev", "hash", "subject"])
def test_an_entry_of_another_shape_is_a_fault(pack, name, value):
    path = pack / verify.HISTORY
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if '"payload"' in line)
    told: dict[str, Any] = json.loads(lines[number])
    lines[number] = json.dumps(told | {name: value})
    with Changed(path, "\n".join(lines).encode()):
        assert not verify.check(pack).ok


@pytest.mark.parametrize("content", ["", "x", "[]", "{}", '{"files":[]}', '{"files":{"x":"y"}}'])
def test_a_manifest_that_says_nothing_is_a_fault(pack, content):
    with Changed(pack / verify.MANIFEST, content.encode()):
        assert not verify.check(pack).ok
