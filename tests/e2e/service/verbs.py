"""The verbs of trunkctl as a person types them."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from private_server import PrivateServer, ROOT, wait_until
from served import BIN, SITE


class Verbs(unittest.TestCase):
    """Every verb of trunkctl, without a server where it needs none."""

    VERBS = ("migrate", "import", "export", "diff", "reload", "check", "status", "agents", "queues", "interactions", "stat", "trace",
             "explain", "replay", "flush", "chat", "agent", "sql")

    def run_ctl(self, *words):
        folder = tempfile.mkdtemp()
        done = subprocess.run([os.path.join(BIN, "trunkctl"), *words], capture_output=True, text=True, check=False, cwd=folder)
        shutil.rmtree(folder)
        return done

    def test_has_help_and_refuses_wrong_usage_in_one_line(self):
        overview = self.run_ctl("--help")
        self.assertEqual(overview.returncode, 0)
        for verb in self.VERBS:
            with self.subTest(verb):
                self.assertRegex(overview.stdout, rf"\n  {verb} ")
                helped = self.run_ctl(verb, "--help")
                self.assertEqual((helped.returncode, helped.stderr), (0, ""))
                self.assertIn("--config", helped.stdout)
                self.assertNotIn("\x1b[", helped.stdout)
                wrong = self.run_ctl(verb, "--no-such-option")
                self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
                self.assertEqual(wrong.stderr.count("\n"), 1)

    def test_without_a_server_says_in_one_line_what_to_do(self):
        for words in (("status",), ("agents",), ("queues",), ("interactions",), ("reload",), ("flush",), ("trace", "x"), ("stat", "ann", "CurrentAgentState"),
                      ("explain", "x")):
            with self.subTest(words[0]):
                done = self.run_ctl(*words)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertEqual(done.stderr.count("\n"), 1)
                self.assertRegex(done.stderr, "--config|./run")

    def test_a_customer_without_a_server_is_told_so(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        done = subprocess.run([os.path.join(BIN, "trunkctl"), "chat", "--from", "carol", "--to", "1111", "--server",
                               f"127.0.0.1:{port}"], input="hello\n", capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertIn(f"no server answers at udp:127.0.0.1:{port}", done.stderr)
        self.assertIn("./run", done.stderr)

    def test_refuses_a_folder_json_of_yaml_and_a_bad_dsn_in_one_line(self):
        for words, status, told in ((("import", "/tmp", "--dsn", "dbname=nowhere"), 1, "/tmp: is a folder, and no site file"),
                                    (("export", "--json", "--dsn", "dbname=nowhere"), 2, "YAML"),
                                    (("export", "--dsn", "nonsensehere"), 2, "--dsn: is no connection string")):
            done = self.run_ctl(*words)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (status, 1), (words, done))
            self.assertIn(told, done.stderr)

    def test_flush_says_at_once_that_postgresql_is_away(self):
        with PrivateServer(BIN, SITE) as server:
            server.start()
            server.flush()
            server._run([os.path.join(ROOT, "db", "cluster"), "stop", server.cluster])
            server.ctl("reload")  # leaves rows
            wait_until("the server to see that the database is away", lambda: '"database":"away"' in server.ctl("status", "--json"))
            begun = time.monotonic()
            code, _, err = server.try_ctl("flush")
            self.assertEqual((code, err.count("\n")), (1, 1), err)
            self.assertLess(time.monotonic() - begun, 10)
            self.assertRegex(err, r"PostgreSQL is away: [1-9]\d* rows wait in the spool and follow when it is back")

    def test_json_is_an_array_of_flat_objects_with_the_headings_as_keys(self):
        with PrivateServer(BIN, SITE) as server:
            server.start()
            for verb in ("status", "agents", "queues", "interactions"):
                rows = json.loads(server.ctl(verb, "--json"))
                self.assertIsInstance(rows, list)
                for row in rows:
                    for key, value in row.items():
                        self.assertRegex(key, r"^[a-z][a-z0-9_]*$")
                        self.assertNotIsInstance(value, (dict, list), f"{verb}: {key}")
                self.assertNotIn("\x1b[", server.ctl(verb))
            self.assertTrue(json.loads(server.ctl("status", "--json")))
            row = json.loads(server.ctl("stat", "dn:1111", "CurrNumberWaitingCalls", "--json"))[0]
            self.assertEqual(row, {"object": "1111", "type": "dn", "tenant": "Resources", "statistic": "CurrNumberWaitingCalls",
                                   "value": 0, "unit": ""})
            self.assertRegex(server.ctl("stat", "skill:billing >= 5", "CurrentReadyAgents"), r"skill.*CurrentReadyAgents +0")
            code, out, err = server.try_ctl("stat", "ann", "CurrentAgentStat")
            self.assertEqual((code, out, err.count("\n")), (1, "", 1))
            self.assertIn("did you mean CurrentAgentState?", err)
            self.assertIn("CurrMaxCallWaitingTime", self.run_ctl("stat", "--list").stdout)
