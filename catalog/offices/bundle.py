"""Bundles: signed files between offices, with duties handed down or reports on them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from catalog.clean import clean
from catalog.duties.standing import Light, Status
from catalog.errors import InvalidError
from catalog.plans.contents import Basis, Id, Kind, Line, Says

LARGEST = 1_000_000  # bytes of a file
MOST = 500  # duties handed down in one
LONGEST = 2000  # characters of a text
WORDS = 24  # characters of the words a duty rests on; the source of one beside a plan may be longer
SAID = 200  # characters quoted of the last progress
SIGNED = b"duban-bundle\n"  # before the payload, so that no signature of other data is valid here
_LIGHTS: tuple[Light, ...] = ("red", "amber", "green", "none")  # the most pressing first
_DONE = ("closed-on-time", "closed-late")

State = Literal["waiting", "taken-over", "declined"]
Print = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Mark = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
OLDEST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
Instant = Annotated[AwareDatetime, Field(ge=OLDEST, lt=LAST)]
Text = Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Office(_Value):
    """The sending office: its own name, and the fingerprint of its key."""

    name: Line
    fingerprint: Print


class Source(_Value):
    """The plan that duties are handed down from."""

    code: Id
    title: Line
    number: Line | None
    issued_on: date


class BundledDuty(_Value):
    """One duty handed down, in the words of the sender's plan."""

    key: Line
    title: Line
    says: Says
    measure: Line
    kind: Kind
    basis: Basis
    period: Line
    opens_on: date
    due_on: date
    quota_min: Count | None
    quota_max: Count | None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        upside_down = self.quota_max is not None and self.quota_max < (self.quota_min or 0)
        if self.due_on < self.opens_on or upside_down:
            raise PydanticCustomError("bundle-order", "it ends before it begins")
        return self


class Child(_Value):
    """The standing of a duty that answers one handed down; `said` is its last progress report."""

    title: Line
    performer: Line
    due_on: date
    status: Status
    light: Light
    closed_on: date | None
    delivered: Count
    quota_min: Count | None
    said: Text

    @property
    def is_done(self) -> bool:
        """Tell whether it was closed out as done, in time or late."""
        return self.status in _DONE


class Answer(_Value):
    """The answer to one duty handed down; `plan` is the title of the plan that took it over."""

    duty: Line
    state: State
    plan: Line | None = None
    reason: Text = ""
    children: tuple[Child, ...] = ()

    @property
    def done(self) -> int:
        """The number of children that are done."""
        return sum(child.is_done for child in self.children)

    @property
    def light(self) -> Light:
        """The most pressing light of the children."""
        lights = {child.light for child in self.children}
        return next((light for light in _LIGHTS if light in lights), "none")


class _Message(_Value):
    """The part of every bundle: its form, its sender and receiver, and its instant."""

    format: Literal[1] = 1
    origin: Office
    to: Print
    at: Instant


class HandDown(_Message):
    """Duties of one plan, handed down for the office `to` to take over."""

    kind: Literal["hand-down"] = "hand-down"
    id: Mark
    plan: Source
    duties: Annotated[tuple[BundledDuty, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once([duty.key for duty in self.duties])
        return self


class Report(_Message):
    """The answers to every duty handed down, on a day; a higher `number` is newer."""

    kind: Literal["report"] = "report"
    number: Number
    on: date
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once([answer.duty for answer in self.answers])
        return self


class Sealed(NamedTuple):
    """A file: its payload, the signer's fingerprint, and the signature in hex."""

    payload: str
    signer: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return SIGNED + self.payload.encode()


class _Envelope(_Value):
    payload: str
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
    signed_by: Print


_ANY: TypeAdapter[HandDown | Report] = TypeAdapter(
    Annotated[HandDown | Report, Field(discriminator="kind")]
)


def seal(envelope: Sealed) -> bytes:
    """Return the file, one line of JSON; InvalidError when it is larger than a receiver takes."""
    fields = {
        "payload": envelope.payload,
        "signature": envelope.signature,
        "signed_by": envelope.signer,
    }
    content = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    if len(content) > LARGEST:
        raise InvalidError("bundle-too-large", place="-", size=len(content), most=LARGEST)
    return content


def unseal(content: bytes, *, name: str) -> Sealed:
    """Return the parts of a file, whose signature is not checked yet.

    InvalidError for a file too large, or not exactly as `seal` writes it.
    """
    if len(content) > LARGEST:
        raise InvalidError("bundle-too-large", place=name, size=len(content), most=LARGEST)
    try:
        fields = _Envelope.model_validate_json(content)
        envelope = Sealed(fields.payload, fields.signed_by, fields.signature)
        exact = seal(envelope) == content
    except (ValidationError, UnicodeEncodeError, InvalidError):
        exact = False
    if not exact:
        raise InvalidError("bundle-unreadable", place=name)
    return envelope


def read(envelope: Sealed, *, name: str) -> HandDown | Report:
    """Return the bundle in a file whose signature is valid; InvalidError names a wrong field."""
    try:
        return _ANY.validate_json(envelope.payload)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])
        raise InvalidError(
            "bundle-unfit", place=name, field=at or "-", problem=first["msg"]
        ) from None


def _once(keys: list[str]) -> None:
    if len(set(keys)) < len(keys):
        raise PydanticCustomError("bundle-twice", "a duty is named twice")
