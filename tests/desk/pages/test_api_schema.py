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

from desk import tokens

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EACH = 15  # requests an operation


@pytest.mark.parametrize("user", ["chen", "li", "he", "lin"])
def test_every_answer_is_as_described(app, desk_ledger, user):
    with desk_ledger.transaction() as tx:
        token = tokens.issue(tx, user, "api", on=dt.date(2014, 1, 24))
    shown = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"Host": "127.0.0.1"})
    operations = list(schema.get_all_operations())
    assert len(operations) == 6
    for found in operations:
        operation = found.ok()

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
            case.validate_response(case.call(headers=shown), checks=CHECKS)

        each()
