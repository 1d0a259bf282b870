"""A channel is one address in the settings; a new kind is one module in `tasks/post/channels/`."""

from __future__ import annotations

CHOSEN = """
import datetime as dt
from ledger.offices.installation import load_settings
from tasks.post.channels import channel_for

print(channel_for(load_settings(), "chat", clock=lambda: dt.datetime.now(dt.UTC)))
"""
PIGEON = '''
"""Pigeon channel: each letter flies from the roof."""

from __future__ import annotations

from tasks.post.channels.channel import Channel


class PigeonChannel(Channel):
    """One loft, named by its address."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"PigeonChannel({self.name!r})"
'''
APPRISE = "    from tasks.post.channels.apprise import AppriseChannel"
FLIES = """    if url.startswith("pigeon://"):
        from tasks.post.channels.pigeon import PigeonChannel

        return PigeonChannel(name, url)
"""


def test_an_address_in_the_settings_is_a_channel(house):
    channel = house.python(CHOSEN, DUBAN_CHANNELS="chat=jsons://chat.invalid/{to}")
    assert channel == "AppriseChannel('chat', 'jsons')\n"


def test_a_module_is_a_new_kind_of_channel(house):
    house.write("tasks/post/channels/pigeon.py", PIGEON)
    house.replace("tasks/post/channels/__init__.py", APPRISE, FLIES + APPRISE)
    channel = house.python(CHOSEN, DUBAN_CHANNELS="chat=pigeon://roof")
    assert channel == "PigeonChannel('chat')\n"
