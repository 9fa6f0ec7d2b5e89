"""JSON and YAML a hundred thousand levels deep, at every place where a stranger's or a client's text is parsed."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from attacked import Attacked
from private_server import wait_until
from raw_client import RawClient
from raw_sip import RawSip
from raw_web_socket import RawWebSocket

DEEP = 100_000
DECODER = """return function(ix)
  local word = ix:collect_digits{total_timeout = 600}
  while word do
    local table_ = {}
    for _ = 1, 5000 do table_ = {table_} end
    local encoded = pcall(json.encode, table_)
    local deep = ("["):rep(100000)
    local _, why = json.decode(deep)
    local _, closed = json.decode(deep .. ("]"):rep(100000))
    local objects = select(2, json.decode(('{"a":'):rep(50000)))
    local answer, trouble = http.get("http://127.0.0.1:%d/")
    local _, far = json.decode(answer and answer.body or "")
    ix:play_announcement{text = ("%%s|%%s|%%s|%%s|%%s"):format(why, closed, objects, encoded, far or trouble)}
    word = ix:collect_digits{total_timeout = 600}
  end
end
"""


class DeepAnswers(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"[" * DEEP + b"]" * DEEP
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Encoding", "gzip")  # it is none: whoever unpacks it fails
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Depths(Attacked):
    numbers = {"1111": "echo", "1112": "decoder"}

    @classmethod
    def setUpClass(cls):
        web = HTTPServer(("127.0.0.1", 0), DeepAnswers)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        cls.addClassCleanup(web.server_close)
        cls.addClassCleanup(web.shutdown)
        cls.strategies = {"decoder": DECODER % web.server_port}
        cls.settings = {"scripts": {"http_allow": [f"127.0.0.1:{web.server_port}"]}}
        super().setUpClass()

    SHAPES = ("[" * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP,
              '{"message":"RequestAttachUserData","UserData":' + '{"a":' * DEEP + "1" + "}" * (DEEP + 1),
              '{"message":"RequestAttachUserData","UserData":' + '[["a",' * DEEP + "1" + "]]" * DEEP + "}")

    def test_of_t_library_messages(self):
        for shape in self.SHAPES:
            for opened in ("desktop", None):
                with RawClient(self.server.tlib, opened) as client:
                    client.send_raw(shape)
                    self.assertEqual(client.next()["message"], "EventError")

    def test_of_web_socket_messages(self):
        for shape in self.SHAPES[4:]:
            socket = RawWebSocket(self.server.http, "/tlib")
            self.addCleanup(socket.close)
            socket.send_text(shape)
            self.assertEqual(socket.receive()["message"], "EventError")

    def test_of_site_files(self):
        shapes = [*self.SHAPES[:4], "a: " * 1000, "- " * DEEP, "tenants:\n" + "".join(" " * n + "a:\n" for n in range(1, 2000)),
                  "tenants: [{name: T, lists: " + "{a: " * DEEP + "}" * DEEP + "}]"]
        path = os.path.join(self.server.folder, "deep.yaml")
        for shape in shapes:
            self.assertEqual(self.get("/api/v1/import", shape.encode(), self.token())[0], 422, shape[:20])
            with open(path, "w", encoding="utf-8") as file:
                file.write(shape)
            for verb in ("import", "diff"):
                code, _, errors = self.server.try_ctl(verb, path)
                self.assertEqual(code, 1, errors[-300:])

    def test_of_what_scripts_decode_and_hear_from_the_web(self):
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", "go", to="1112"), 200)
            words = peer.next_request("MESSAGE").body.split("|")
        self.assertEqual(len(words), 5, self.server.log()[-500:])
        for one in (0, 1, 2, 4):
            self.assertIn("not JSON", words[one], words)
        self.assertEqual(words[3], "false")

    def test_of_options_written_by_sql(self):
        deep = '{"a":' * 3000 + "1" + "}" * 3000
        try:
            self.server.rows(f"UPDATE config.dn SET options = '{deep}' WHERE number = '1113'")
        except Exception as refused:  # a constraint is the better answer
            self.assertIn("ERROR", str(refused))
        def revision():
            return json.loads(self.server.ctl("status", "--json"))[0]["config_revision"]
        before = revision()
        self.server.rows("UPDATE config.dn SET strategy = 'echo' WHERE number = '1114'")
        # A text before it is in force would open a session of the former strategy, which later texts continue.
        wait_until("what was written after it to be in force", lambda: revision() > before)
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", "later", to="1114"), 200)
            self.assertEqual(peer.next_request("MESSAGE").body, "later")
        self.assertEqual(self.health()["status"], "ok", self.health())
