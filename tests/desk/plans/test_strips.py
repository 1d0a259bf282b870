"""Beside each proposal stands its text: no word is lost, and every proposal has its mark."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.reading.document.lines import paper
from catalog.reading.proposing.drafting import draft
from catalog.reading.settling.settlement import Step, settle
from catalog.reading.who.register import load_register
from desk.plans.strips import MOST, strip_of, strips
from tasks.documents.reading import read

CORPUS = Path(__file__).parents[2] / "catalog" / "reading" / "corpus"
DOCUMENTS = [p for p in sorted(CORPUS.iterdir()) if p.suffix in {".txt", ".html"}]


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name)
def drafted(request):
    register = load_register(CORPUS / "agencies.toml")
    text = paper(read(request.param), name=request.param.name)
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
