from http.server import BaseHTTPRequestHandler, HTTPServer

from greeter import greet


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write((greet("Ada") if found else "nothing here").encode())


HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
