"""What is kept: every table of the ledger, its keys, its referees and its indexes."""

from __future__ import annotations

import functools
import json
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

TRANSIENT = {"info": {"transient": True}}  # a lease or a place in work: changed without an entry


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
        return tuple(json.loads(value)) if value else ()


@functools.lru_cache(maxsize=64)  # a sweep writes thousands of rows of one instant
def instant_text(value: datetime) -> str:
    """Return an aware `value` as it is kept and hashed: UTC, whole seconds, `Z`."""
    if value.tzinfo is None:
        raise ValueError("an instant without a zone is no instant")
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _later(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    """Refer to the primary key of `table`; looked at when the transaction ends."""
    keys = {"editions": ("plan", "edition"), "agencies": ("id",), "duties": ("key",)}
    parents = [f"{table}.{key}" for key in keys.get(table, ("id",))]
    return sa.ForeignKeyConstraint(columns, parents, deferrable=True, initially="DEFERRED")


class Row(SQLModel):
    """The common ground of the tables; rows are not validated here, values come validated."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class EditionRow(Row, table=True):
    """A plan as it was published: the whole text of the edition, and how far it was worked."""

    __tablename__ = "editions"
    __table_args__ = (
        sa.Index(
            "uq_editions_in_force",
            "plan",
            unique=True,
            sqlite_where=sa.text("in_force"),
            postgresql_where=sa.text("in_force"),
        ),
    )

    plan: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    title: str
    digest: str
    document: str = Field(sa_type=sa.Text)
    issued_on: date
    starts_on: date
    ends_on: date
    workdays_version: str
    published_at: datetime = Field(sa_type=Instant)
    published_by: str
    in_force: bool
    is_demo: bool = False
    expanded_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)
    swept_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)


class AgencyRow(Row, table=True):
    """An agency of any plan; `host` is the agency whose unit it is."""

    __tablename__ = "agencies"
    __table_args__ = (_later("agencies", "host"),)

    id: str = Field(primary_key=True)
    name: str
    kind: str
    host: str | None = None


class ContactRow(Row, table=True):
    """Where a position of an agency is reached by one channel."""

    __tablename__ = "contacts"
    __table_args__ = (_later("agencies", "agency"),)

    agency: str = Field(primary_key=True)
    position: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    address: str


class DutyRow(Row, table=True):
    """One dated duty: what was stamped at its creation, then the facts of its life."""

    __tablename__ = "duties"
    __table_args__ = (
        _later("editions", "plan", "edition"),
        _later("agencies", "lead"),
        _later("agencies", "performer"),
        sa.Index("ix_duties_look", "plan", "look_on", "key"),
        sa.Index(None, "plan", "measure"),
        sa.Index(None, "lead"),
        sa.Index(None, "performer"),
    )

    key: str = Field(primary_key=True)
    plan: str
    edition: int
    measure: str
    obligation: str
    kind: str
    title: str
    party: str | None = None
    period: str
    lead: str
    performer: str
    participants: tuple[str, ...] = Field(default=(), sa_type=Names)
    basis: str
    opens_on: date
    due_on: date
    due_version: int = 1
    quota_min: int | None = None
    quota_max: int | None = None
    delivered: int = 0
    provisional: bool = False
    workdays_version: str
    ladder: str
    opened_on: date | None = None
    acknowledged_on: date | None = None
    filed_on: date | None = None
    closed_on: date | None = None
    closed_as: str | None = None
    told_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)
    look_on: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)


class ItemRow(Row, table=True):
    """One delivery of a quota: a meeting held, an event run, with its evidence."""

    __tablename__ = "items"
    __table_args__ = (_later("duties", "duty"), sa.Index(None, "duty"))

    id: str = Field(primary_key=True)
    duty: str
    held_on: date
    place: str
    title: str
    evidence: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str


class NoticeRow(Row, table=True):
    """One rung told to one recipient by one channel: at most once, the unique key says so."""

    __tablename__ = "notices"
    __table_args__ = (
        _later("duties", "duty"),
        _later("messages", "message"),
        sa.UniqueConstraint("duty", "due_version", "rung", "recipient", "channel"),
        sa.Index(None, "message"),
    )

    id: str = Field(primary_key=True)
    duty: str
    due_version: int
    rung: str
    recipient: str
    channel: str
    on: date
    form: str
    coalesced: tuple[str, ...] = Field(default=(), sa_type=Names)
    message: str


class MessageRow(Row, table=True):
    """What leaves: one digest per recipient, channel and day, or one slip."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.Index(
            "uq_messages_digest",
            "recipient",
            "channel",
            "on",
            unique=True,
            sqlite_where=sa.text("form = 'digest'"),
            postgresql_where=sa.text("form = 'digest'"),
        ),
        sa.Index(None, "state", "on", "next_try_at"),
    )

    id: str = Field(primary_key=True)
    plan: str
    recipient: str
    channel: str
    form: str
    on: date
    state: str
    message_id: str
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None
    tries: int = Field(default=0, sa_column_kwargs=TRANSIENT)
    next_try_at: datetime | None = Field(default=None, sa_type=Instant, sa_column_kwargs=TRANSIENT)
    claimed_until: datetime | None = Field(
        default=None, sa_type=Instant, sa_column_kwargs=TRANSIENT
    )


class AttemptRow(Row, table=True):
    """One try to hand a message to its provider, and what the provider said."""

    __tablename__ = "attempts"
    __table_args__ = (_later("messages", "message"), sa.Index(None, "message"))

    id: str = Field(primary_key=True)
    message: str
    at: datetime = Field(sa_type=Instant)
    outcome: str
    detail: str | None = None


class MarkRow(Row, table=True):
    """A single remembered value, such as the day of the demonstration clock."""

    __tablename__ = "marks"

    name: str = Field(primary_key=True)
    value: str


class EntryRow(Row, table=True):
    """One entry of the history; triggers refuse its change and its removal."""

    __tablename__ = "entries"
    __table_args__ = (sa.Index(None, "subject", "seq"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = Field(sa_type=sa.String(20))
    actor: str
    deed: str
    subject: str
    payload: str = Field(sa_type=sa.Text)
    prev: str = Field(sa_type=sa.String(64))
    hash: str = Field(sa_type=sa.String(64))


TABLES: dict[str, sa.Table] = dict(Row.metadata.tables)
RECORDED = tuple(sorted(TABLES.keys() - {"entries"}))  # what folding the history gives again


def transient(table: sa.Table) -> frozenset[str]:
    """Return the names of the columns of `table` that are leases and stay out of the history."""
    return frozenset(c.name for c in table.columns if c.info.get("transient"))
