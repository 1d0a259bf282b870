"""A mail server and a WeCom robot that refuse as real ones do, and keep what they were sent."""

from __future__ import annotations

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self

WECOM_BYTES = 2048


class _Server:
    """A server on loopback for the length of a `with`."""

    _server: Any

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])


class MailServer(_Server):
    """A mail server by its mode: plain, relay, freq (from the sixth letter on) or rcpt421.

    `accepted` are the recipients of the letters it took, `asked` counts RCPT.
    """

    REFUSALS: ClassVar = {
        "relay": "554 5.7.1 <x>: Relay access denied",
        "freq": "550 Connection frequency limited",
        "rcpt421": "421 4.7.0 try later",
    }

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.accepted: list[str] = []
        self.asked = 0
        self.letters = 0
        case = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                case.converse(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def converse(self, line: socketserver.StreamRequestHandler) -> None:
        to = ""
        line.wfile.write(b"220 mock ESMTP\r\n")
        while words := line.rfile.readline().decode("utf-8", "replace").strip():
            verb = words[:4].upper()
            if verb == "RCPT":
                to = words.partition("<")[2].partition(">")[0]
            if verb == "DATA":
                line.wfile.write(b"354 go\r\n")
                while line.rfile.readline() not in {b".\r\n", b""}:
                    pass
                self.accepted.append(to)
            line.wfile.write(f"{self._answer(verb)}\r\n".encode())
            if verb == "QUIT":
                return

    def _answer(self, verb: str) -> str:
        if verb == "MAIL":
            self.letters += 1
        if verb == "RCPT":
            self.asked += 1
            if self.mode in self.REFUSALS and (self.mode != "freq" or self.letters > 5):
                return self.REFUSALS[self.mode]
        return {"EHLO": "250-mock\r\n250 8BITMIME", "QUIT": "221 bye"}.get(verb, "250 ok")


class WecomServer(_Server):
    """A WeCom robot: a text of more than 2,048 bytes is refused, and all after `limit` posts.

    `words`, if any, are its answer in place of the JSON.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.words = ""
        self.texts: list[str] = []
        self.codes: list[int] = []
        case = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = {"errcode": case.take(json.loads(body)), "errmsg": "x"}
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write((case.words or json.dumps(answer)).encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def take(self, post: Any) -> int:
        text = post["text"]["content"]
        taken = self.codes.count(0)
        code = 40058 if len(text.encode()) > WECOM_BYTES else 45009 if taken >= self.limit else 0
        self.codes.append(code)
        if code == 0:
            self.texts.append(text)
        return code
