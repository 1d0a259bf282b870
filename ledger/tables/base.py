"""What all tables stand on: instants, lists, places in work, and how rows refer to each other."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

TRANSIENT = {"info": {"transient": True}}  # a lease or a place in work: changed without an entry
lease = functools.partial(Field, sa_column_kwargs=TRANSIENT)  # a field that is one


class Instant(sa.TypeDecorator[datetime]):
    """An instant in UTC to the second, kept as `2014-03-14T00:30:00Z` on every database."""

    impl = sa.String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: sa.Dialect) -> str | None:
        """Return what is kept of `value`."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, _: sa.Dialect) -> datetime | None:
        """Return the instant that was kept."""
        return None if value is None else datetime.fromisoformat(value)


class Names(sa.TypeDecorator[tuple[str, ...]]):
    """A short list of names in one column, kept as a JSON array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _: sa.Dialect) -> str:
        """Return what is kept of `value`."""
        return json.dumps(value, ensure_ascii=False) if value else "[]"

    def process_result_value(self, value: str | None, _: sa.Dialect) -> tuple[str, ...]:
        """Return the names that were kept."""
        return _names(value) if value else ()


@functools.lru_cache(maxsize=256)  # thousands of duties have the same few participants
def _names(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept))


@functools.lru_cache(maxsize=64)  # a sweep writes thousands of rows of one instant
def instant_text(value: datetime) -> str:
    """Return an aware `value` as it is kept and hashed: UTC, whole seconds, `Z`."""
    if value.tzinfo is None:
        raise ValueError("an instant without a zone is no instant")
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def refers(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    """Refer to the primary key of `table`; looked at when the transaction ends."""
    keys = {"editions": ("plan", "edition"), "agencies": ("id",), "duties": ("key",)}
    parents = [f"{table}.{key}" for key in keys.get(table, ("id",))]
    return sa.ForeignKeyConstraint(columns, parents, deferrable=True, initially="DEFERRED")


class Row(SQLModel):
    """The base of every shape of a row: its table and the API's answers inherit the fields.

    Rows are not validated here, values come validated.
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


def transient(table: sa.Table) -> frozenset[str]:
    """Return the names of the columns of `table` that are leases and stay out of the history."""
    return frozenset(c.name for c in table.columns if c.info.get("transient"))


def is_secret(table: sa.Table) -> bool:
    """Tell whether nothing of `table` but its keys would be told: it stays out of the history."""
    return not {c.name for c in table.columns if not c.primary_key} - transient(table)
