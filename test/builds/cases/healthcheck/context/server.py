import signal
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

LOG = os.path.join(os.environ.get("LOG_DIR", "/var/log/api"), "access.log")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with open(LOG, "a") as log:
            log.write(self.path + "\n")
        with open(LOG) as log:
            count = len(log.readlines())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{count} requests so far".encode())


HTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
