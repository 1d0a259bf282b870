"""Refusal of what a system sends that nobody reads: unknown parameters, keys given twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from catalog.errors import UsageRefusedError
from desk.web.fields import LONGEST_NAME, unknown_field

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response


class Body(BaseModel):
    """Base of what a system sends; no other keys are allowed."""

    model_config = ConfigDict(extra="forbid")


class StrictRequest(Request):
    """A request whose JSON has every key once, and only the numbers of JSON."""

    async def json(self) -> Any:
        """Return the body; UsageRefusedError for a key that stands in an object twice."""
        body = await self.body()
        return json.loads(body, object_pairs_hook=_each_once, parse_constant=_refuse)


class StrictRoute(APIRoute):
    """A route of the API, whose requests are strict."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strict


def check_parameters(request: Request) -> None:
    """Refuse a parameter of the address that is unknown or given twice: UsageRefusedError."""
    fields = get_flat_params(request.scope["route"].dependant)
    known = {field.alias: field for field in fields if isinstance(field.field_info, params.Query)}
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise unknown_field(name, sorted(known))
        if names.count(name) > 1 and known[name].field_info.annotation != list[str]:
            raise UsageRefusedError("field-twice", name=name)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        keys = [name for name, _ in pairs]
        twice = next(name for name in keys if keys.count(name) > 1)
        raise UsageRefusedError("field-twice", name=twice[:LONGEST_NAME])
    return names


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
