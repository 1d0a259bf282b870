"""What a page says when something is refused: words for people who have no command line."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from catalog import wording
from catalog.errors import DubanError
from desk.web.forms import say_refusal

COMMAND = re.compile(r"`?\bduban [a-z]|--[a-z]|DUBAN_[A-Z]")
# Raised where there is no page: by commands alone, and where the settings that they name are
# read; whoever administers is told the setting to mend.
NO_PAGE = {
    "backup-revision",
    "bounces-unreadable",
    "channel-address",
    "channel-needs-secret",
    "channel-unknown",
    "course-ahead",
    "demo-in-real-home",
    "demo-is-later",
    "deployment-unknown",
    "hook-unknown",
    "jurisdiction-unknown",
    "jurisdiction-whole",
    "key-unreadable",
    "only-for-csv",
    "peer-there",
    "plan-dates-out",
    "real-in-demo-home",
    "slips-held",
    "stack-running",
    "sweep-ahead",
    "sweep-backwards",
    "sweep-leaps",
    "tracker-without-user",
}


def errors(lang):
    """Return every error there is, its values named after themselves."""
    found = {
        key.removeprefix("error."): text
        for key, text in wording.texts(lang).items()
        if key.startswith("error.")
    }
    names = {
        key: {name for _, name, _, _ in Formatter().parse(text) if name}
        for key, text in found.items()
    }
    return [DubanError(key, **{name: name for name in given}) for key, given in names.items()]


@pytest.mark.parametrize("lang", wording.languages())
def test_no_page_names_a_command_an_option_or_a_setting(lang):
    found = errors(lang)
    assert len(found) > 150
    named = {error.key for error in found if COMMAND.search(say_refusal(error, lang))}
    assert named <= NO_PAGE


@pytest.mark.parametrize("lang", wording.languages())
def test_what_a_page_says_asks_for_no_more_than_the_error_brings(lang):
    for error in errors(lang):
        assert "{" not in say_refusal(error, lang)
