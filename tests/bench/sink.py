"""A mail server on loopback that accepts and forgets everything: `python -m tests.bench.sink`.

It prints its port and serves until it is ended. It does so little that the sender is measured.
"""

from __future__ import annotations

import socketserver

READY = b"354 go on\r\n"
YES = b"250 OK\r\n"
GREETING = b"250-sink\r\n250 8BITMIME\r\n"


class Session(socketserver.StreamRequestHandler):
    """One line: commands are answered, letters read to their end and forgotten."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            match line[:4].upper():
                case b"EHLO":
                    self.wfile.write(GREETING)
                case b"DATA":
                    self.wfile.write(READY)
                    self._letter()
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(YES)

    def _letter(self) -> None:
        for line in self.rfile:
            if line == b".\r\n":
                self.wfile.write(YES)
                return


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main() -> None:
    with Server(("127.0.0.1", 0), Session) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
