"""A way to a server that can be cut and mended, as a network can."""

import contextlib
import socket
from threading import Thread


class Proxy:
    """Forwards connections to a server until it is cut; then it refuses and drops them all."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.pairs: list[socket.socket] = []
        self.listener = self._listen(0)
        self.port = self.listener.getsockname()[1]

    def cut(self) -> None:
        for each in (self.listener, *self.pairs):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.pairs.clear()

    def mend(self) -> None:
        self.listener = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self.target)
                self.pairs += [near, far]
                for pair in ((near, far), (far, near)):
                    Thread(target=_forward, args=pair, daemon=True).start()


def _forward(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
