"""Mail as it arrives, taken apart within limits: what strangers send may be of any shape."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header
from email.parser import HeaderParser
from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line

if TYPE_CHECKING:
    from email.message import Message

LARGEST = 256 * 1024  # bytes read of a mail: what is about our letter stands at its beginning
MOST_PARTS = 50
MOST_BORDERS = 500  # lines that begin with --
LONGEST_FIELD = 8_000  # bytes of a Content- header with its parameters
LONGEST_HEADER = 1_000  # characters read of any other
NO_CHARSETS = {"punycode", "idna"}  # Python knows them; they take the square of the length
TEXTS = {"text/plain", "text/html"}
_CONTENT = re.compile(rb"(?im)^content-[a-z-]+:.*(?:\n[ \t].*)*")
_STATUS = re.compile(rb"(?i)message/delivery-status|message/global-delivery-status")
STATUS = "text/x-delivery-status"  # in its place: the library would make an object of each line
_TAG = re.compile(r"<[^<>@]{0,2000}>")  # a Message-ID is none
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")  # amid any text


class Mail(NamedTuple):
    """A mail and its parts, those of the letter it returns included."""

    top: Message
    parts: tuple[Message, ...]

    def header(self, name: str) -> str:
        """Return a header of the mail as one line of text, "" where there is none."""
        return header(self.top, name)

    @property
    def sender(self) -> str:
        """The address it says it comes from, in lower case."""
        return next(iter(addresses(self.header("From"))), "")

    @property
    def texts(self) -> str:
        """Everything people would read in it, without markup."""
        return "\n".join(_text(part) for part in self.parts if part.get_content_type() in TEXTS)

    def having(self, *kinds: str) -> list[Message]:
        """Return the parts of these content types."""
        return [part for part in self.parts if part.get_content_type() in kinds]


def parse(content: bytes) -> Mail:
    """Return the first LARGEST bytes of a mail as its parts; ValueError for one of too many.

    The limits keep the work linear: the standard library reads nested parts line by line on
    every level, and its reading of parameters takes the square of their number.
    """
    text = content[:LARGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    fields = [match[0] for match in _CONTENT.finditer(text)]
    kinds = sum(field.lower().startswith(b"content-type") for field in fields)
    if kinds > MOST_PARTS or text.count(b"\n--") > MOST_BORDERS:
        raise ValueError("it has too many parts")
    if any(len(field) > LONGEST_FIELD for field in fields):
        raise ValueError("one of its headers is too long")
    top = message_from_bytes(_STATUS.sub(STATUS.encode(), text))
    return Mail(top, tuple(top.walk()))


def fields(text: str) -> Message:
    """Return a block of headers that stands in a text."""
    return HeaderParser().parsestr(text)


def header(message: Message, name: str) -> str:
    """Return a header as one line of text, "" where there is none; encoded words are decoded."""
    value = str(message.get(name, ""))[:LONGEST_HEADER]
    with suppress(LookupError, ValueError):  # a charset of nobody, or broken base64
        words = decode_header(value)
        value = "".join(
            word if isinstance(word, str) else word.decode(charset or "utf-8", "replace")
            for word, charset in words
        )
    return one_line(value)


def body(part: Message) -> str:
    """Return the text of a part; a byte that its charset does not know becomes a mark.

    Without a charset it is UTF-8, or else what servers in China write.
    """
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset()
    if charset and charset not in NO_CHARSETS:
        with suppress(LookupError, ValueError):  # a charset of nobody
            return content.decode(charset, "replace")
    with suppress(UnicodeDecodeError):
        return content.decode()
    return content.decode("gb18030", "replace")


def addresses(text: str) -> list[str]:
    """Return the mail addresses in `text`, in lower case, each once."""
    return list(dict.fromkeys(match[0].lower().strip(".") for match in _ADDRESS.finditer(text)))


def _text(part: Message) -> str:
    text = body(part)
    return html.unescape(_TAG.sub(" ", text)) if part.get_content_subtype() == "html" else text
