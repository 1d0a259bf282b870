"""An IMAP server on loopback with one folder, and with faults on request."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import ssl


@dataclass
class ImapServer:
    """`mails` are by UID; `flooding` answers a search with words without end, `silent` never."""

    trust: ssl.SSLContext
    starttls: bool = False
    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    password: str = "secret"
    folder: str = '"&kABP4Q-"'
    flooding: bool = False
    silent: bool = False
    port: int = 0

    def __enter__(self) -> Self:
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                Session(server, self.request).serve()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that gives up
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Session:
    """One connection."""

    def __init__(self, server: ImapServer, sock: Any) -> None:
        self.server = server
        self.sock = sock if server.starttls else server.trust.wrap_socket(sock, server_side=True)
        self.lines = self.sock.makefile("rb")

    def serve(self) -> None:
        self.say("* OK ready")
        while line := self.lines.readline().decode().strip():
            tag, command, *rest = line.split(" ", 2)
            words = rest[0] if rest else ""
            if command == "UID":
                command, _, words = words.partition(" ")
            self.server.commands.append(f"{command} {words}".replace(self.server.password, "…"))
            verdict = getattr(self, command.lower())(words)
            self.say(f"{tag} {verdict or 'OK done'}")
            if command == "STARTTLS":
                self.sock = self.server.trust.wrap_socket(self.sock, server_side=True)
                self.lines = self.sock.makefile("rb")
            if command == "LOGOUT":
                return

    def say(self, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        self.sock.sendall(content + b"\r\n")

    def capability(self, _: str) -> None:
        self.say("* CAPABILITY IMAP4rev1" + " STARTTLS" * self.server.starttls)

    def starttls(self, _: str) -> None:
        """The line is encrypted after the answer."""

    def login(self, words: str) -> str | None:
        fits = words == f'duban "{self.server.password}"'
        return None if fits else f"NO [AUTHENTICATIONFAILED] {words} is wrong"

    def select(self, folder: str) -> str | None:
        if folder != self.server.folder:
            return "NO no such folder"
        self.say(f"* {len(self.server.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        return "OK [READ-WRITE] done"

    def search(self, words: str) -> None:
        while self.server.flooding:
            self.say("* SEARCH " + "1 " * 100_000)
        if self.server.silent:
            threading.Event().wait(60)
        first = int(re.match(r"UID (\d+):\* SINCE \d+-\w{3}-\d{4}$", words)[1])
        uids = sorted(self.server.mails)
        some = [uid for uid in uids if uid >= first] or uids[-1:]
        self.say(" ".join(["* SEARCH", *map(str, some)]))

    def fetch(self, words: str) -> None:
        uid, most = re.match(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)$", words).groups()
        mail = self.server.mails[int(uid)][: int(most)]
        self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}")
        self.say(mail + b")")

    def store(self, words: str) -> None:
        uid, flags = words.split(" ", 1)
        assert flags == r"+FLAGS.SILENT (\Seen)"
        self.server.seen.add(int(uid))

    def logout(self, _: str) -> None:
        self.say("* BYE")
