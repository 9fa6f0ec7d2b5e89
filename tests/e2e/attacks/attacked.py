"""What the attacks have in common: a server of their own, scripts that say back what they hear, and a proof of life."""

import json
import os
import shutil
import tempfile
import unittest
import urllib.error
import urllib.request

from private_server import ROOT, PrivateServer
from raw_sip import RawSip

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")
# Everybody here is one peer.
OPEN_DOOR = {"peer_sessions": 1000000, "peer_new_per_second": 1000000}

# What a customer writes comes back, and stands in user data, in the log and in a query's parameter.
ECHO = """return function(ix)
  local text = ix:collect_digits{total_timeout = 600}
  while text do
    ix:attach{["said " .. text:sub(1, 100)] = text}
    log.info("the customer says " .. text)
    local rows = db.query("SELECT $1::text AS said", {text})
    ix:play_announcement{text = rows and rows[1].said or "no answer"}
    text = ix:collect_digits{total_timeout = 600}
  end
end
"""


class Attacked(unittest.TestCase):
    """One server for all tests of a class; `strategies`: name -> Lua text, `echo` among them; `numbers`: which of them a routing
    point runs."""
    settings, strategies, limits, arguments = {}, {}, (), ()
    numbers = {"1111": "echo"}

    @classmethod
    def setUpClass(cls):
        cls.scripts = tempfile.mkdtemp(prefix="trunkline-attacks.")
        os.chmod(cls.scripts, 0o755)
        cls.addClassCleanup(shutil.rmtree, cls.scripts, ignore_errors=True)
        for name, text in {"echo": ECHO, **cls.strategies}.items():
            cls.write_strategy(name, text)
        cls.server = PrivateServer(BIN, SITE, settings={**cls.settings, "sip": {**OPEN_DOOR, **cls.settings.get("sip", {})}},
                                   strategies=[cls.scripts], limits=cls.limits, arguments=cls.arguments, cluster_settings=["fsync=off"])
        cls.addClassCleanup(cls.server.close)
        for number, strategy in cls.numbers.items():
            cls.server.rows(f"UPDATE config.dn SET strategy = '{strategy}' WHERE number = '{number}'")
        cls.server.start()

    @classmethod
    def write_strategy(cls, name, text):
        with open(os.path.join(cls.scripts, name + ".lua"), "w", encoding="utf-8") as file:
            file.write(text)

    def tearDown(self):
        self.server_lives()

    def server_lives(self):
        """Whatever was tried: a customer is served, and the server says that it is whole."""
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", "are you there", sender="life"), 200)
            self.assertEqual(peer.next_request("MESSAGE").body, "are you there")
        self.assertEqual(self.get("/healthz")[0], 200)
        self.assertIsNone(self.server.process.poll(), self.server.log()[-2000:])

    def get(self, path, data=None, token=None, **headers):
        """(status, body)"""
        request = urllib.request.Request(f"http://{self.server.http}{path}", data=data, headers=dict(headers))
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def token(self):
        with open(os.path.join(self.server.folder, "token"), encoding="utf-8") as file:
            return file.read().strip()

    def health(self):
        return json.loads(self.get("/healthz")[1])
