"""The lines of a list are read a chunk at a time, however many keys there are."""

from __future__ import annotations

from itertools import count, islice

from ledger.duties import duties
from tasks.documents.listing import CHUNK, lines
from tests.world import ISSUED, PostOffice, World, small_plan


def test_an_endless_list_is_read_only_as_far_as_it_is_asked(ledger, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    (key,) = (duty.key for duty in world.duties())
    numbers = count()
    endless = (key for _ in numbers)
    assert [line.duty.key for line in islice(lines(ledger, endless), 3)] == [key] * 3
    assert next(numbers) == CHUNK


def test_a_duty_that_is_not_there_is_left_out(ledger):
    assert list(lines(ledger, ["small-2013/1.none/-/once"])) == []
    with ledger.read() as conn:
        assert duties.chosen_keys(conn) == []
