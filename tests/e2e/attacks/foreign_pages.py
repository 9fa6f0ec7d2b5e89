"""A web page of another origin in the browser of somebody who may reach the server, and a name that leads here by another's DNS:
neither reads nor changes anything, over HTTP or a WebSocket."""

import socket

from attacked import Attacked


class ForeignPages(Attacked):
    def ask(self, request, **headers):
        """Status and head of the answer to raw bytes."""
        host, port = self.server.http.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=10) as client:
            lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
            client.sendall(f"{request} HTTP/1.1\r\n{lines}\r\n".encode())
            head = client.recv(10000).decode("utf-8", "replace")
        return int(head[9:12]), head

    PAGES = ("GET /api/v1/agents", "GET /api/v1/export", "GET /healthz", "GET /metrics", "POST /api/v1/reload")
    UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
               "Sec_WebSocket_Version": "13"}

    def test_pages_of_another_origin_are_refused(self):
        for origin in ("http://evil.example", "null", "file://", f"https://{self.server.http}.evil.example", "http://127.0.0.1:1",
                       "http://localhost@evil.example", f"http://evil.example/{self.server.http}", "chrome-extension://abc"):
            for page in self.PAGES:
                status, head = self.ask(page, Host=self.server.http, Origin=origin, Authorization=f"Bearer {self.token()}")
                self.assertEqual(status, 403, (page, origin))
                self.assertNotIn("access-control", head.lower())
            status, _ = self.ask("GET /tlib", Host=self.server.http, Origin=origin, **self.UPGRADE)
            self.assertEqual(status, 403, origin)

    def test_a_name_of_somebody_elses_dns_is_refused(self):
        for host in ("rebind.evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "169.254.169.254", "0.0.0.0", ""):
            for page in self.PAGES:
                self.assertIn(self.ask(page, Host=host, Origin=f"http://{host}")[0], (400, 403), (page, host))
            self.assertIn(self.ask("GET /tlib", Host=host, **self.UPGRADE)[0], (400, 403), host)
        self.assertIn(self.ask("GET http://evil.example/healthz", Host=self.server.http)[0], (400, 403, 404))

    def test_a_preflight_allows_nothing(self):
        status, head = self.ask("OPTIONS /api/v1/reload", Host=self.server.http, Access_Control_Request_Method="POST",
                                Access_Control_Request_Headers="authorization")
        self.assertEqual(status, 405)
        self.assertNotIn("access-control", head.lower())

    def test_what_is_served_is_for_no_other_page(self):
        status, head = self.ask("GET /api/v1/agents", Host=self.server.http)
        self.assertEqual(status, 200)
        for line in ("Cross-Origin-Resource-Policy: same-origin", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
                     "Cache-Control: no-store"):
            self.assertIn(line, head)

    def test_no_web_socket_compresses(self):
        status, head = self.ask("GET /tlib", Host=self.server.http, Sec_WebSocket_Extensions="permessage-deflate", **self.UPGRADE)
        self.assertEqual(status, 101)
        self.assertNotIn("deflate", head)

    def test_two_hosts_or_odd_requests_are_refused(self):
        self.assertEqual(self.ask("GET /healthz", Host="localhost\r\nHost: evil.example")[0], 400)
        for request in ("GET /../../etc/passwd", "GET /%2e%2e/%2e%2e/etc/passwd", "GET //etc/passwd", "GET /api/v1/trace/..%2f..%2fetc"):
            self.assertIn(self.ask(request, Host="localhost")[0], (400, 404), request)
        self.assertIn(self.ask("POST /api/v1/reload", Host="localhost", Transfer_Encoding="chunked", Content_Length="5")[0], (400, 401))
