"""The cost of a password: what argon2 advises, wherever nobody tests."""

from __future__ import annotations

from importlib import util

from tasks.people import passwords


def test_outside_of_tests_a_password_costs_what_argon2_advises():
    spec = util.find_spec(passwords.__name__)
    fresh = util.module_from_spec(spec)
    spec.loader.exec_module(fresh)  # as a process of its own has it

    digest = fresh.hash_password("correct horse battery")

    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify("correct horse battery", digest)
