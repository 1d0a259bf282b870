"""Base of all tables: column types, leases, references and the row class."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

TRANSIENT = {"info": {"transient": True}}  # a lease or a place in work: changed without an entry
lease = functools.partial(Field, sa_column_kwargs=TRANSIENT)  # a field that is one


class Instant(sa.TypeDecorator[datetime]):
    """An instant in UTC to the second, stored as `2014-03-14T00:30:00Z` on every database."""

    impl = sa.String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: sa.Dialect) -> str | None:
        """Return `value` as it is stored."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, _: sa.Dialect) -> datetime | None:
        """Return the instant of a stored value."""
        return None if value is None else datetime.fromisoformat(value)


class Names(sa.TypeDecorator[tuple[str, ...]]):
    """A short list of names in one column, stored as a JSON array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _: sa.Dialect) -> str:
        """Return `value` as it is stored."""
        return json.dumps(value, ensure_ascii=False) if value else "[]"

    def process_result_value(self, value: str | None, _: sa.Dialect) -> tuple[str, ...]:
        """Return the names of a stored value."""
        return _names(value) if value else ()


@functools.lru_cache(maxsize=256)  # thousands of duties have the same few participants
def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@functools.lru_cache(maxsize=64)  # a sweep writes thousands of rows of one instant
def instant_text(value: datetime) -> str:
    """Return an aware `value` as it is stored and hashed: UTC, whole seconds, `Z`."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def refers(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key to `table`, checked at the end of the transaction."""
    keys = {"editions": ("plan", "edition"), "agencies": ("id",), "duties": ("key",)}
    parents = [f"{table}.{key}" for key in keys.get(table, ("id",))]
    return sa.ForeignKeyConstraint(columns, parents, deferrable=True, initially="DEFERRED")


class Row(SQLModel):
    """Base of the row classes: the table and the API's answers inherit their fields.

    Rows are not validated; their values are validated before.
    """

    model_config = {
        "frozen": True,
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@functools.cache
def transient(table: sa.Table) -> frozenset[str]:
    """Return the names of the columns of `table` that are leases and stay out of the history."""
    return frozenset(c.name for c in table.columns if c.info.get("transient"))


def is_secret(table: sa.Table) -> bool:
    """Tell whether all columns of `table` but its keys are leases: it stays out of the history."""
    return not {c.name for c in table.columns if not c.primary_key} - transient(table)
