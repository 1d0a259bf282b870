"""No letter tells its reader to run a command, in any language and in any of its texts."""

from __future__ import annotations

import re

import pytest

from catalog.wording import languages, texts
from catalog.wording.language import FOLDER
from desk.cli import COMMANDS

# The files of texts for letters, alarms and slips, and what letters use of others.
FILES = {file.stem for file in FOLDER.glob("*/post/*.toml")} | {"count", "date", "light", "slip"}
OTHERS = ("deeds.letter.", "shares.title", "circular.", "period.")
COMMAND = re.compile(rf"duban ({'|'.join(sorted(COMMANDS, key=len, reverse=True))})\b")


def of_letters(language: str) -> dict[str, str]:
    return {
        key: text
        for key, text in texts(language).items()
        if key.partition(".")[0] in FILES or key.startswith(OTHERS)
    }


@pytest.mark.parametrize("language", languages())
def test_no_text_of_a_letter_names_a_command(language: str):
    ours = of_letters(language)
    assert len(ours) > 150
    assert {key: text for key, text in ours.items() if COMMAND.search(text)} == {}


def test_a_command_is_seen_where_one_stands():
    assert COMMAND.search("Answer with: duban file KEY")
    assert not COMMAND.search("sent by duban for the coordinating office")
