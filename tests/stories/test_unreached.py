"""Nobody fills a position, or its mail is refused: an alarm for the office, never silence."""

from __future__ import annotations

from tasks.post.channels.channel import RefusedError
from tests.world import DAY, ISSUED, address, small_plan


def test_a_letter_to_a_position_nobody_fills_ends_dead_with_its_reason(world, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"]}), unreached=["city/officer"])
    world.day(ISSUED)

    world.expect("trade/officer", ISSUED, "issue")
    (dead,) = world.notices(state="dead")
    assert (dead.recipient, dead.rung) == ("city/officer", "issue")
    assert dead.reason == "no address: nobody fills city/officer"


def test_the_mail_a_provider_refuses_is_dead_and_the_others_arrive(world, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"]}))
    world.post.refusals[address("city/officer")] = RefusedError("550 no such user")
    world.day(ISSUED)

    world.expect("trade/officer", ISSUED, "issue")
    (dead,) = world.notices(state="dead")
    assert (dead.recipient, dead.reason) == ("city/officer", "550 no such user")


def test_what_is_dead_is_not_tried_again_by_itself(world, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"]}), unreached=["city/officer"])
    world.day(ISSUED)
    world.day(ISSUED + DAY)
    world.expect("trade/officer", ISSUED, "issue")
    assert len(world.messages(state="dead")) == 1
