"""An issuer's key server on loopback, which answers as a test says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from auth_lib import Key, KeySet

OLD, NEW = Key.generate(), Key.generate("ES256")


class Server:
    """An issuer that answers as the test says, and counts."""

    def __init__(self):
        self.asked = 0
        self.keys = [OLD]
        self.answer = self.publish
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                outer.answer(self)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks.json"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def publish(self, request):
        self.send(request, json.dumps(KeySet(self.keys).to_document()).encode())

    def send(self, request, body, status=200, **headers):
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    def fail(self, request):
        self.send(request, b"", 500)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
