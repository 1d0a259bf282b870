"""Jurisdictions of this installation: offices with a ledger, evidence and keys of their own.

The main one is the installation's home; the others lie below it, on PostgreSQL each in a schema
of its own. No query of one office reaches another's ledger.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import tomllib
from dataclasses import replace
from email.utils import parseaddr
from email.utils import quote as escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

from catalog.errors import ConflictError, InvalidError, NotFoundError
from ledger.proof.anchors import anchor_file
from ledger.settings import chosen_language, database_address
from ledger.store.put_once import put_new

if TYPE_CHECKING:
    from ledger.settings import Oidc, Settings

FOLDER, FILE = "jurisdictions", "jurisdiction.toml"
ID = re.compile(r"[a-z][a-z0-9-]{0,31}")
ADDRESS = re.compile(r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[1-9]\d{0,4})?")
LONGEST_NAME = 80


class Jurisdiction(NamedTuple):
    """An office with a ledger of its own; `address` is where people reach its desk.

    `id` is at most 32 lower-case letters, digits and dashes, a letter first. The main one has ""
    for `id` and `name`; its plan names its office. `database_url_file` names the file with the
    address of its own database, or of the same one under its own role; without it the office has
    a file in its home, or a schema under the installation's role. `problem` says why its file
    cannot be read, "" where it can: one office's broken file stops no other.
    """

    id: str
    name: str
    address: str | None = None
    database_url_file: str | None = None
    problem: str = ""


def listed(settings: Settings) -> list[Jurisdiction]:
    """Return every jurisdiction of the installation, the main one first, then by id.

    A home that was swept is one even without its file, which somebody removed.
    """
    main = settings.main or settings
    homes = sorted(path for path in (main.home / FOLDER).glob("*") if ID.fullmatch(path.name))
    files = [h / FILE for h in homes if (h / FILE).exists() or anchor_file(h).exists()]
    others = [_try(file) for file in files]
    return [Jurisdiction("", "", main.base_url), *others]


def settings_of(settings: Settings, jurisdiction: str) -> Settings:
    """Return the settings of `jurisdiction`, derived from those of any other.

    Raises NotFoundError where there is none of this id.
    """
    main = settings.main or settings
    if not jurisdiction:
        return main
    file = main.home / FOLDER / jurisdiction / FILE
    if not ID.fullmatch(jurisdiction) or not file.is_file():
        ids = ", ".join(other.id for other in listed(main)[1:]) or "-"
        raise NotFoundError("jurisdiction-unknown", jurisdiction=jurisdiction, known=ids)
    return own_settings(main, _read(file))


def check_new(settings: Settings, jurisdiction: Jurisdiction) -> None:
    """Refuse a jurisdiction that cannot be added.

    Raises InvalidError for its id, name or address, ConflictError where another has the id or
    the address.
    """
    if not ID.fullmatch(jurisdiction.id):
        raise InvalidError("jurisdiction-id", place=jurisdiction.id)
    _check(jurisdiction, place=jurisdiction.id)
    for other in listed(settings):
        if other.id == jurisdiction.id:
            raise ConflictError("jurisdiction-there", jurisdiction=other.id)
        if jurisdiction.address and host(other) == host(jurisdiction):
            raise ConflictError("jurisdiction-address", host=host(other), other=other.id or "main")


def host(jurisdiction: Jurisdiction) -> str | None:
    """Return the host name of the jurisdiction's desk, in lower case."""
    return urlsplit(jurisdiction.address or "").hostname


def own_settings(main: Settings, jurisdiction: Jurisdiction) -> Settings:
    """Return the settings of `jurisdiction`: its own home, database, address and signing key.

    Where the sender has a name, it is the jurisdiction's; answers go to its own office. Its
    language is the one that it chose, else the installation's.
    """
    home = main.home / FOLDER / jurisdiction.id
    return replace(
        main,
        home=home,
        database_url=_database(main.database_url, home, jurisdiction),
        mail_from=_sender(main.mail_from, jurisdiction.name),
        reply_to=None,
        lang=chosen_language(home) or main.lang,
        base_url=jurisdiction.address,
        oidc=_provider(main.oidc) if jurisdiction.address else None,
        secret=main.secret and _derive(main.secret, jurisdiction.id),
        jurisdiction=jurisdiction.id,
        main=main,
    )


def _sender(mailbox: str, name: str) -> str:
    installation, address = parseaddr(mailbox)
    return f'"{escape(name)}" <{address}>' if installation else mailbox


def enter(settings: Settings, jurisdiction: Jurisdiction) -> None:
    """Write the file of a new jurisdiction in the home of its own `settings`.

    Raises ConflictError where there is one, as for the later of two at once.
    """
    text = f"name = {json.dumps(jurisdiction.name, ensure_ascii=False)}\n"
    if jurisdiction.address:
        text += f"address = {json.dumps(jurisdiction.address)}\n"
    if jurisdiction.database_url_file:
        text += f"database_url_file = {json.dumps(jurisdiction.database_url_file)}\n"
    if not put_new(settings.home / FILE, text):
        raise ConflictError("jurisdiction-there", jurisdiction=jurisdiction.id)


def _database(url: str, home: Path, jurisdiction: Jurisdiction) -> str:
    """Return the address of its ledger: a file in its home, or its schema of the database."""
    if jurisdiction.database_url_file:
        place = f"{FOLDER}/{jurisdiction.id}/{FILE}: database_url_file"
        url = _read_url(Path(jurisdiction.database_url_file), place=place)
        if urlsplit(url).scheme == "sqlite":
            return url
    if urlsplit(url).scheme == "sqlite":
        return f"sqlite:///{home}/duban.db"
    schema = f"duban_{jurisdiction.id.replace('-', '_')}"
    option = quote(f"-c search_path={schema}", safe="")
    return f"{url}{'&' if urlsplit(url).query else '?'}options={option}"


def _read_url(file: Path, *, place: str) -> str:
    try:
        return database_address(file.read_text(encoding="utf-8").strip())
    except (OSError, ValueError) as error:
        raise InvalidError("jurisdiction-unreadable", place=place, reason=error) from None


def _provider(oidc: Oidc | None) -> Oidc | None:
    """Return the provider for an office beside the main one.

    None where the claim is the same for all: a login of one office would enter that of another.
    """
    return oidc if oidc and oidc.is_per_office else None


def _derive(secret: str, jurisdiction: str) -> str:
    """Return the jurisdiction's own signing key, from which no other follows."""
    return hmac.new(secret.encode(), jurisdiction.encode(), hashlib.sha256).hexdigest()


def _try(file: Path) -> Jurisdiction:
    try:
        return _read(file)
    except InvalidError as error:
        return Jurisdiction(file.parent.name, file.parent.name, problem=str(error))


def _read(file: Path) -> Jurisdiction:
    """Return the jurisdiction described by `file`; InvalidError names the file."""
    place = f"{FOLDER}/{file.parent.name}/{FILE}"
    try:
        fields: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        names = ("address", "database_url_file")
        others = (fields.pop(name, None) for name in names)
        office = Jurisdiction(file.parent.name, fields.pop("name"), *others)
    except (OSError, ValueError, KeyError, RecursionError) as error:
        raise InvalidError("jurisdiction-unreadable", place=place, reason=error) from None
    if fields:
        raise InvalidError("jurisdiction-unreadable", place=place, reason=", ".join(fields))
    _check(office, place=place)
    return office


def _check(jurisdiction: Jurisdiction, *, place: str) -> None:
    name, address = jurisdiction.name, jurisdiction.address
    if not isinstance(name, str) or not _is_line(name):
        raise InvalidError("jurisdiction-name", place=place, most=LONGEST_NAME)
    if address is not None and not ADDRESS.fullmatch(str(address)):
        raise InvalidError("jurisdiction-no-address", place=place)
    if not isinstance(jurisdiction.database_url_file, str | None):
        raise InvalidError("jurisdiction-unreadable", place=place, reason="database_url_file")


def _is_line(name: str) -> bool:
    return name == name.strip() and name.isprintable() and 0 < len(name) <= LONGEST_NAME
