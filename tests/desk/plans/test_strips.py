"""Beside each proposal stands its text: no word is lost, and every proposal has its mark."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from catalog.reading.document.lines import paper
from catalog.reading.proposing.drafting import draft
from catalog.reading.settling.settlement import Step, settle
from catalog.reading.who.register import load_register
from desk.plans.strips import MOST, strip_of, strips
from tasks.documents.text import text_of
from tests.catalog.reading.repeated import read, repeated

CORPUS = Path(__file__).parents[2] / "catalog" / "reading" / "corpus"
DOCUMENTS = [p for p in sorted(CORPUS.iterdir()) if p.suffix in {".txt", ".html"}]


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name)
def drafted(request):
    register = load_register(CORPUS / "agencies.toml")
    words = text_of(request.param.read_bytes(), request.param.name)
    text = paper(words, name=request.param.name)
    return draft(text, register, code="test", on=date(2024, 1, 10))


def shown(drafted):
    stands = settle(drafted, [])
    pages = range(0, len(drafted.measures), MOST)
    return [strip for first in pages for strip in strips(stands, first)]


def test_every_word_of_a_document_is_shown_once(drafted):
    pieces = (p.text for strip in shown(drafted) for line in strip.paragraphs for p in line)
    assert "".join("".join(pieces).split()) == "".join(drafted.paper.text.split())


def test_every_proposal_is_marked_beside_its_card(drafted):
    for strip in shown(drafted):
        marked = {piece.about for line in strip.paragraphs for piece in line}
        proposals = {card.about for card in strip.cards if card.proposal}
        assert proposals <= marked


def test_what_is_settled_is_marked_as_such(drafted):
    asked = {ask.about for ask in drafted.questions}
    found = [p.id for m in drafted.measures for p in m.proposals if p.id not in asked]
    stands = settle(drafted, [Step("take", found[0])])
    page = strips(stands, strip_of(stands, found[0]))
    states = {p.about: p.state for strip in page for line in strip.paragraphs for p in line}
    assert states[found[0]] == "taken"


def test_a_page_of_very_many_marks_grows_with_them():
    def work(count):
        stands = settle(read(repeated("2014年底前，全年。\n", count)), [])
        began = time.process_time()
        strips(stands, 0)
        return time.process_time() - began

    assert min(work(10_000) for _ in range(2)) < 12 * min(work(2_500) for _ in range(2))
