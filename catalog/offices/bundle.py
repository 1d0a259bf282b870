"""What one office tells another in a signed file: duties handed down, and what became of them."""

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
from catalog.duties.standing import Light, Status  # noqa: TC001
from catalog.errors import InvalidError
from catalog.plans.contents import Basis, Id, Kind, Line, Says  # noqa: TC001

LARGEST = 1_000_000  # bytes of a file
MOST = 500  # duties handed down in one
LONGEST = 2000  # characters of a text
SAID = 200  # characters told of the last progress
SIGNED = b"duban-bundle\n"  # begins what is signed: a signature for anything else is none
_LIGHTS: tuple[Light, ...] = ("red", "amber", "green", "none")  # the one that presses most first
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
    """The office that speaks, as it calls itself, and the fingerprint of its key."""

    name: Line
    fingerprint: Print


class Source(_Value):
    """The plan that duties are handed down from."""

    code: Id
    title: Line
    number: Line | None
    issued_on: date


class BundledDuty(_Value):
    """One duty handed down, in the words of the plan of whoever hands it down."""

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
            raise PydanticCustomError("bundle_order", "it ends before it begins")
        return self


class Child(_Value):
    """How one duty stands that answers one handed down; `said` is the last progress reported."""

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
        """Whether it was closed out as done, in time or late."""
        return self.status in _DONE


class Answer(_Value):
    """What became of one duty handed down; `plan` is the title of the plan it was taken into."""

    duty: Line
    state: State
    plan: Line | None = None
    reason: Text = ""
    children: tuple[Child, ...] = ()

    @property
    def done(self) -> int:
        """How many of the children are done."""
        return sum(child.is_done for child in self.children)

    @property
    def light(self) -> Light:
        """The light that presses most among the children."""
        lit = {child.light for child in self.children}
        return next((light for light in _LIGHTS if light in lit), "none")


class _Told(_Value):
    """What every bundle says: its form, from whom, to whom, and when it was made."""

    format: Literal[1] = 1
    origin: Office
    to: Print
    at: Instant


class HandDown(_Told):
    """Duties of one plan, handed down for the office `to` to take over."""

    kind: Literal["hand-down"] = "hand-down"
    id: Mark
    plan: Source
    duties: Annotated[tuple[BundledDuty, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once([duty.key for duty in self.duties])
        return self


class Report(_Told):
    """What became of every duty that was handed down, on a day; a higher `number` is newer."""

    kind: Literal["report"] = "report"
    number: Number
    on: date
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once([answer.duty for answer in self.answers])
        return self


class Sealed(NamedTuple):
    """A file as it came: what it says, who signed it (a fingerprint), and the signature in hex."""

    payload: str
    signer: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes the signature is of."""
        return SIGNED + self.payload.encode()


class _Envelope(_Value):
    payload: str
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
    signed_by: Print


_ANY: TypeAdapter[HandDown | Report] = TypeAdapter(
    Annotated[HandDown | Report, Field(discriminator="kind")]
)


def sealed(given: Sealed) -> bytes:
    """Return the file, one line of JSON; InvalidError when it would be too large to be taken."""
    fields = {
        "payload": given.payload,
        "signature": given.signature,
        "signed_by": given.signer,
    }
    content = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    if len(content) > LARGEST:
        raise InvalidError("bundle-too-large", place="-", size=len(content), most=LARGEST)
    return content


def opened(content: bytes, *, name: str) -> Sealed:
    """Return what the bytes of a file hold, of which nothing is believed yet.

    InvalidError for one too large, or that is not just as `sealed` writes it.
    """
    if len(content) > LARGEST:
        raise InvalidError("bundle-too-large", place=name, size=len(content), most=LARGEST)
    try:
        found = _Envelope.model_validate_json(content)
        given = Sealed(found.payload, found.signed_by, found.signature)
        exact = sealed(given) == content
    except (ValidationError, UnicodeEncodeError, InvalidError):
        exact = False
    if not exact:
        raise InvalidError("bundle-unreadable", place=name)
    return given


def read(given: Sealed, *, name: str) -> HandDown | Report:
    """Return what a file says whose signature holds; InvalidError names the field that is wrong."""
    try:
        return _ANY.validate_json(given.payload)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])
        raise InvalidError(
            "bundle-unfit", place=name, field=at or "-", problem=first["msg"]
        ) from None


def _once(keys: list[str]) -> None:
    if len(set(keys)) < len(keys):
        raise PydanticCustomError("bundle_twice", "a duty is named twice")
