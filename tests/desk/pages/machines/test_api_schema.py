"""The API against its own description, as each role, in this process."""

from __future__ import annotations

import datetime as dt

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk.access import tokens
from ledger.duties import duties, life
from ledger.post import notices
from ledger.proof import samples
from tasks.act import Act
from tasks.proof import sampling
from tests.databases import ON_POSTGRESQL, ON_SQLITE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EACH = 5  # requests an operation, of anything and of what is there
OPERATIONS = 26
PLAN = "guangdong-2013"
ACT = Act("he", dt.date(2014, 1, 24), dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC))


@pytest.fixture
def there(desk_ledger):
    """Return names of what is there: an open duty of dongguan's with files, a draft, a sample."""
    sampling.sample(desk_ledger, PLAN, ACT, of="evidence", size=3, seed="1")
    with desk_ledger.read() as conn:
        held = [d for d in duties.listed(conn) if d.performer == "dongguan" and d.filed_on]
        proof = next(proof for duty in held for proof in life.evidence(conn, duty.key))
        draft = notices.listed(conn, state="draft")[0].id
        seq = samples.samples(conn, PLAN)[0].seq
    names = dict(zip(("plan", "obligation", "party", "period"), proof.duty.split("/"), strict=True))
    return names | {"sha256": proof.sha256, "notice": draft, "seq": seq, "agency": "dongguan"}


@ON_SQLITE
@pytest.mark.parametrize("user", ["chen", "li", "he", "lin"])
def test_every_answer_is_as_described(app, desk_ledger, there, user):
    assert_described(app, desk_ledger, there, user)


@ON_POSTGRESQL
def test_every_answer_to_the_office_on_postgresql_is_as_described(app, desk_ledger, there):
    assert_described(app, desk_ledger, there, "chen")


def assert_described(app, desk_ledger, there, user):
    with desk_ledger.transaction() as tx:
        token = tokens.issue(tx, user, "api", on=dt.date(2014, 1, 24))
    shown = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"Host": "127.0.0.1"})
    operations = [found.ok() for found in schema.get_all_operations()]
    answered = set()

    def asked(operation, names):
        @settings(
            max_examples=EACH,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def each(case):
            case.path_parameters |= {n: v for n, v in names.items() if n in case.path_parameters}
            answer = case.call(headers=shown)
            case.validate_response(answer, checks=CHECKS)
            answered.add((operation.label, answer.status_code))

        each()

    for operation in operations:
        asked(operation, {})
        if operation.path_parameters:
            asked(operation, there)

    assert len(operations) == OPERATIONS
    assert len({label for label, status in answered if status == 200}) >= LEAST[user]


LEAST = {"chen": 18, "li": 12, "he": 18, "lin": 10}  # operations that answered with what they give
