"""Settings of this installation: the only reader of environment variables."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from catalog.errors import UsageRefusedError
from catalog.wording import COMMAND_LANGUAGE, DEFAULT_LANGUAGE, languages
from ledger.mail_settings import (
    helo,
    joined,
    mail_address,
    mail_server,
    mailbox,
    own_address,
    reply_to,
    sender,
    split,
)
from ledger.office_file import office_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
SHORTEST_SECRET = 32
MOST_COURSES = 1000
OFFICE, MAIN = "{office}", "main"  # in the claim of a provider: the office's id
LOOPBACK = ("127.0.0.1", "::1", "localhost")
WIDEST = {4: 8, 6: 16}  # the shortest prefix of a network of proxies, by version of IP
LARGEST_EVIDENCE = 1000  # MB a file
_NEXT_CHANNEL = re.compile(r"\s*[\n,]\s*(?=[a-z][a-z0-9-]*=)|\s*\n\s*")
_CHANNEL = re.compile(r"([a-z][a-z0-9-]*)=([a-z][a-z0-9+.-]*://\S+)")
_PATH = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)*/?")


@dataclass(frozen=True)
class Oidc:
    """OpenID Connect provider that people may sign in with, and our client at it.

    `claim` is the claim of its tokens that has the login; `{office}` in it is the jurisdiction.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str

    @property
    def is_per_office(self) -> bool:
        """Whether each office has logins of its own at the provider."""
        return OFFICE in self.claim

    def of(self, jurisdiction: str) -> Oidc:
        """Return the provider with the claim of one jurisdiction, "" for the main one."""
        return replace(self, claim=self.claim.replace(OFFICE, jurisdiction or MAIN))


@dataclass(frozen=True)
class Settings:
    """Settings in force; those that may contain a password stay out of `repr`.

    `mail_from` may carry a name (`督辦 <duban@example.org>`); `reply_to` is None where answers go
    to the office's officer. `bounces` is the mailbox that undelivered letters come back to.
    `evidence_limit` is in bytes for one file; `alarm_to` are the channels and addresses of those
    who run the installation; `listen` is the address of the desk, `proxies` are the addresses and
    networks whose word about a caller's address counts; `courses` is the most obligations of a
    day that have a run of their own in Prefect. `jurisdiction` is the office's id and `main` the
    installation's settings; they are "" and None in the main jurisdiction, whose home is the
    installation's.
    """

    home: Path
    database_url: str = field(repr=False)
    mail_url: str = field(repr=False)
    mail_from: str
    mail_helo: str | None
    reply_to: str | None
    bounces: str | None = field(repr=False)
    channels: Mapping[str, str] = field(repr=False)
    alarm_to: tuple[tuple[str, str], ...]
    base_url: str | None
    secret: str | None = field(repr=False)
    lang: str
    evidence_limit: int
    oidc: Oidc | None
    tsa_url: str | None
    listen: str
    proxies: tuple[str, ...]
    metrics_token: str | None = field(repr=False)
    courses: int
    jurisdiction: str = ""
    main: Settings | None = field(default=None, repr=False)

    @property
    def installation(self) -> Path:
        """The home of the installation, shared by all its jurisdictions."""
        return (self.main or self).home

    @property
    def base_path(self) -> str:
        """The path below which the desk is reached, "" at the root of its host."""
        return urlsplit(self.base_url or "").path.rstrip("/")

    @property
    def sender(self) -> str:
        """The address for Message-IDs: two offices may write to one mailbox on one day."""
        local, _, domain = parseaddr(self.mail_from)[1].rpartition("@")
        return f"{local}@{self.jurisdiction}.{domain}" if self.jurisdiction else f"{local}@{domain}"


def main_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the main jurisdiction, each `DUBAN_<NAME>` or `DUBAN_<NAME>_FILE`.

    Below the environment stands what the office chose in the browser (`office.toml`). Raises
    UsageRefusedError naming the variable, never its value.
    """
    home = _read(environ, "HOME", _home, "./var")
    chosen = office_values(home)
    channels = _read(environ, "CHANNELS", _channels, "")
    return Settings(
        home=home,
        database_url=_read(environ, "DATABASE_URL", database_address, f"sqlite:///{home}/duban.db"),
        mail_url=_read(environ, "MAIL_URL", mail_server, chosen.get("mail_url", "file:")),
        mail_from=_read(environ, "MAIL_FROM", sender, chosen.get("mail_from", "duban@localhost")),
        mail_helo=_read(environ, "MAIL_HELO", helo, ""),
        reply_to=_read(environ, "REPLY_TO", reply_to, chosen.get("reply_to", "")),
        bounces=_read(environ, "BOUNCES", mailbox, ""),
        channels=channels,
        alarm_to=_read(environ, "ALARM_TO", partial(_alarm_to, channels), ""),
        base_url=_read(environ, "BASE_URL", base_address, chosen.get("base_url", "")),
        secret=_read(environ, "SECRET", _secret, ""),
        lang=_read(environ, "LANG", _language, chosen.get("lang", DEFAULT_LANGUAGE)),
        evidence_limit=_read(environ, "EVIDENCE_MB", _megabytes, "20"),
        oidc=_oidc(environ),
        tsa_url=_read(environ, "TSA_URL", _authority, ""),
        listen=_read(environ, "LISTEN", own_address, LOOPBACK[0]),
        proxies=_read(environ, "PROXIES", _networks, ""),
        metrics_token=_read(environ, "METRICS_TOKEN", _secret, ""),
        courses=_read(environ, "COURSES", _courses, "100"),
    )


def jurisdiction_id(environ: Mapping[str, str] = os.environ) -> str:
    """Return the id of the jurisdiction that DUBAN_JURISDICTION names, "" for the main one."""
    return _read(environ, "JURISDICTION", str, "")


def command_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language of the command line: DUBAN_LANG where it is one, else English.

    It never raises, since errors of the settings themselves are written in it.
    """
    code = environ.get("DUBAN_LANG", "")
    return code if code in languages() else COMMAND_LANGUAGE


def chosen_language(home: Path) -> str:
    """Return the language that the office of this home chose in the browser, "" for none."""
    code = office_values(home).get("lang", "")
    return code if code in languages() else ""


def is_set(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the environment sets `DUBAN_<NAME>`, so that nothing below it counts."""
    return any(environ.get(f"DUBAN_{name.upper()}{end}") for end in ("", "_FILE"))


def wants_traceback(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a defect shows its traceback (DUBAN_TRACEBACK) instead of one line."""
    return bool(environ.get("DUBAN_TRACEBACK"))


def dies_at(environ: Mapping[str, str] = os.environ) -> tuple[str, int] | None:
    """Return the failpoint and the pass at which to kill this process (DUBAN_FAILPOINT)."""
    name, _, number = environ.get("DUBAN_FAILPOINT", "").partition(":")
    return (name, int(number)) if number.isdigit() else None


def _oidc(environ: Mapping[str, str]) -> Oidc | None:
    """Return the provider, None without DUBAN_OIDC_ISSUER; with it, the rest is required."""
    if not (issuer := _read(environ, "OIDC_ISSUER", _issuer, "")):
        return None
    _read(environ, "BASE_URL", _required, "")  # the provider redirects people to it
    return Oidc(
        issuer=issuer,
        client=_read(environ, "OIDC_CLIENT", _required, ""),
        secret=_read(environ, "OIDC_SECRET", _required, ""),
        claim=_read(environ, "OIDC_CLAIM", _required, "preferred_username"),
    )


def _read(environ: Mapping[str, str], name: str, parse: Callable[[str], T], default: str) -> T:
    name = f"DUBAN_{name}"
    try:
        return parse(_value(environ, name) or default)
    except ValueError as error:
        raise UsageRefusedError("setting-invalid", name=name, reason=str(error)) from None


def _value(environ: Mapping[str, str], name: str) -> str:
    value, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if value and file:
        raise ValueError(f"give it or {name}_FILE, not both")
    if not file:
        return value.strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"the file {name}_FILE names cannot be read as text") from None


def _home(value: str) -> Path:
    try:
        home = Path(value).expanduser().absolute()
        fits = home.is_dir() or not home.exists()
    except (OSError, RuntimeError):  # RuntimeError: ~name of a user nobody knows
        fits = False
    if not fits:
        raise ValueError("a directory is expected")
    return home


def database_address(value: str) -> str:
    """Return the address of a database; ValueError, which never shows it, where it is none."""
    url = split(value)
    if url.scheme not in DATABASES:
        raise ValueError(f"the address must begin with one of {joined(DATABASES)}")
    if url.scheme == "sqlite" and (url.netloc or url.path in {"", "/", "/:memory:"}):
        raise ValueError("SQLite needs a file: sqlite:///relative.db or sqlite:////absolute.db")
    return value


def _channels(value: str) -> Mapping[str, str]:
    channels: dict[str, str] = {}
    for line in filter(None, _NEXT_CHANNEL.split(value)):
        match = _CHANNEL.fullmatch(line.strip())
        if not match:
            raise ValueError("each line is name=url, the name in small letters")
        name, url = match.groups()
        if name in channels or name == "mail":
            raise ValueError(f"the name {name} is taken")
        channels[name] = url
    return MappingProxyType(channels)


def _alarm_to(channels: Mapping[str, str], value: str) -> tuple[tuple[str, str], ...]:
    """Return channel and address of each entry; one without a channel's name is mail's."""
    ways = []
    for entry in filter(None, re.split(r"[\s,]+", value)):
        name, _, address = ("mail=" + entry if "=" not in entry else entry).partition("=")
        if name != "mail" and name not in channels:
            raise ValueError(f"DUBAN_CHANNELS has no channel of the name {name}")
        ways.append((name, mail_address(address) if name == "mail" else address))
    return tuple(ways)


def base_address(value: str) -> str | None:
    """Return the address of a desk without a last slash, None for none; ValueError for another."""
    url = split(value)
    fits = url.scheme in {"http", "https"} and url.hostname and _PATH.fullmatch(url.path)
    if value and (not fits or url.query or url.fragment):
        raise ValueError("an address such as https://duban.example.org is expected")
    return value.rstrip("/") or None


def _issuer(value: str) -> str:
    if value and (not is_private(value) or urlsplit(value).query):
        raise ValueError("an address such as https://sign-in.example.org is expected")
    return value


def _authority(value: str) -> str | None:
    url = split(value)
    if value and (url.scheme not in {"http", "https"} or not url.hostname):
        raise ValueError("the address of a time stamping authority is expected, http or https")
    return value or None


def is_private(url: str) -> bool:
    """Tell whether requests to `url` are confidential: over https, or on this machine."""
    try:
        parts = split(url)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    return (
        url.isascii()
        and url.isprintable()
        and bool(parts.hostname)
        and (local or parts.scheme == "https")
    )


def _required(value: str) -> str:
    if not value:
        raise ValueError("DUBAN_OIDC_ISSUER cannot do without it")
    return value


def _secret(value: str) -> str | None:
    if value and len(value) < SHORTEST_SECRET:
        raise ValueError(f"at least {SHORTEST_SECRET} characters are expected")
    return value or None


def _networks(value: str) -> tuple[str, ...]:
    try:
        networks = [ip_network(each) for each in re.split(r"[\s,]+", value) if each]
    except ValueError:
        raise ValueError(
            "IP addresses or networks are expected, such as 127.0.0.1, 10.0.0.0/8"
        ) from None
    if any(each.prefixlen < WIDEST[each.version] for each in networks):
        raise ValueError(
            "a network wider than /8 (IPv4) or /16 (IPv6) lets strangers choose their address;"
            " name your own proxies"
        )
    return tuple(map(str, networks))


def _language(value: str) -> str:
    if value not in languages():
        raise ValueError(f"there is a catalogue for {joined(languages())}")
    return value


def _courses(value: str) -> int:
    if not value.isdecimal() or int(value) > MOST_COURSES:
        raise ValueError(f"a number from 0 to {MOST_COURSES} is expected")
    return int(value)


def _megabytes(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= LARGEST_EVIDENCE:
        raise ValueError(f"a whole number of megabytes from 1 to {LARGEST_EVIDENCE} is expected")
    return int(value) * 1024 * 1024
