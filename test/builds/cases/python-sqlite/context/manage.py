"""Counts its visits in the database that the settings name, and keeps a file for each."""

import signal
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from shop.settings import DATABASES, MEDIA_ROOT


class Visits(BaseHTTPRequestHandler):
    def do_GET(self):
        with sqlite3.connect(DATABASES["default"]["NAME"]) as database:
            database.execute("CREATE TABLE IF NOT EXISTS visits (path TEXT)")
            database.execute("INSERT INTO visits VALUES (?)", (self.path,))
            (count,) = database.execute("SELECT count(*) FROM visits").fetchone()
        MEDIA_ROOT.mkdir(exist_ok=True)
        (MEDIA_ROOT / f"{count}.txt").write_text(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{count} visits\n".encode())

    def log_message(self, *_):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("0.0.0.0", int(sys.argv[2].split(":")[1])), Visits).serve_forever()
