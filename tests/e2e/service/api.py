"""/api/v1 as a program asks it."""

import json
import os
import shutil
import stat
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from private_server import PrivateServer
from served import BIN, SITE


class Api(unittest.TestCase):
    """Over HTTP with auth.required, by a client that knows URLs and JSON."""

    @classmethod
    def setUpClass(cls):
        cls.server = PrivateServer(BIN, SITE, settings={"auth": {"required": True}}).start()
        with open(os.path.join(cls.server.folder, "token"), encoding="utf-8") as file:
            cls.token = file.read().strip()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def ask(self, path, token=None, method="GET", body=None, **headers):
        request = urllib.request.Request(f"http://{self.server.http}{path}", method=method,
                                         data=body.encode() if body is not None else None, headers=headers)
        if token:
            request.add_header("Authorization", "Bearer " + token)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_health_and_metrics_are_open_and_everything_else_needs_the_token(self):
        self.assertEqual(self.ask("/healthz"), (200, '{"status":"ok"}'))
        status, metrics = self.ask("/metrics")
        self.assertEqual(status, 200)
        for name in ("interactions_total", "texts_total", "agents", "waiting", "spool_rows"):
            self.assertIn(f"# HELP trunkline_{name} ", metrics)
            self.assertIn(f"\ntrunkline_{name}", metrics)
        for path in ("status", "agents", "queues", "interactions", "stat", "export", "openapi.json", "trace/x"):
            status, body = self.ask("/api/v1/" + path)
            self.assertEqual(status, 401, path)
            self.assertIn("Authorization: Bearer TOKEN", json.loads(body)["error"])
        self.assertEqual(self.ask("/api/v1/status", "wrong")[0], 401)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.server.folder, "token")).st_mode), 0o600)

    def test_describes_itself_and_does_what_it_says(self):
        status, body = self.ask("/api/v1/openapi.json", self.token)
        self.assertEqual(status, 200)
        described = json.loads(body)
        self.assertTrue(described["openapi"].startswith("3."))
        paths = described["paths"]
        self.assertEqual(set(paths), {"/api/v1/" + path for path in (
            "status", "agents", "queues", "interactions", "stat", "trace/{id}", "reload", "flush", "export", "import", "openapi.json")})
        for path, operations in paths.items():
            for method, operation in operations.items():
                self.assertIn("security", operation, path)
                if method == "get" and "{" not in path and path != "/api/v1/stat":
                    self.assertEqual(self.ask(path, self.token)[0], 200, path)
        self.assertEqual(self.ask("/api/v1/trace/nobody", self.token)[0], 404)
        asked = {parameter["name"] for parameter in paths["/api/v1/stat"]["get"]["parameters"]}
        self.assertEqual(asked, {"object", "statistic", "tenant"})
        status, body = self.ask("/api/v1/stat?object=agent:ann&statistic=CurrentAgentState", self.token)
        self.assertEqual((status, json.loads(body)[0]["value"]), (200, "LoggedOut"))
        self.assertEqual(self.ask("/api/v1/stat?object=agent:ann", self.token)[0], 400)
        self.assertEqual(self.ask("/api/v1/stat?object=agent:nobody&statistic=CurrentAgentState", self.token)[0], 404)
        self.assertEqual(self.ask("/api/v1/reload", self.token, "POST")[0], 200)
        self.assertEqual(self.ask("/api/v1/flush", self.token, "POST")[0], 200)
        self.assertEqual(self.ask("/api/v1/reload", self.token)[0], 405)

    def test_import_is_all_or_nothing_and_export_writes_the_same_form(self):
        _, site = self.ask("/api/v1/export", self.token)
        status, body = self.ask("/api/v1/import", self.token, "POST", site)
        self.assertEqual((status, json.loads(body)["changes"]), (200, []))
        broken = "tenants:\n- name: Resources\n  skills: [new_one]\n  lists: 3\n"
        status, body = self.ask("/api/v1/import", self.token, "POST", broken)
        self.assertEqual(status, 422)
        self.assertTrue(json.loads(body)["errors"])
        self.assertEqual(self.ask("/api/v1/export", self.token)[1], site)
        status, body = self.ask("/api/v1/import", self.token, "POST", "tenants:\n- name: Resources\n  skills: [new_one]\n")
        self.assertEqual(status, 200, body)
        revision = json.loads(body)["revision"]
        self.assertGreaterEqual(json.loads(self.ask("/api/v1/status", self.token)[1])[0]["config_revision"], revision)
        status, body = self.ask("/api/v1/import?prune=true", self.token, "POST", site)
        self.assertEqual(status, 200, body)
        self.assertIn("new_one", json.dumps(json.loads(body)["changes"]))
        self.assertEqual(self.ask("/api/v1/export", self.token)[1], site)

    def test_import_tells_errors_and_warnings_apart(self):
        warned = "tenants:\n- name: Resources\n  options: {tserver: {a: b}}\n"
        status, body = self.ask("/api/v1/import", self.token, "POST", warned + "  lists: 3\n")
        answer = json.loads(body)
        self.assertEqual((status, len(answer["errors"]), len(answer["warnings"])), (422, 1, 1), body)
        self.assertIn("lists", answer["errors"][0])
        self.assertIn("did you mean TServer?", answer["warnings"][0])
        status, body = self.ask("/api/v1/import", self.token, "POST", "")
        self.assertEqual(status, 422)
        self.assertIn("is empty", json.loads(body)["errors"][0])

    def test_trunkctl_names_the_option_for_the_token(self):
        elsewhere = tempfile.mkdtemp()
        for words, told in (((), "asks for its bearer token"), (("--token", "wrong-token-of-mine"), "does not know this token")):
            done = subprocess.run([os.path.join(BIN, "trunkctl"), "status", "--url", f"http://{self.server.http}", *words],
                                  capture_output=True, text=True, check=False, cwd=elsewhere)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1))
            self.assertIn(told, done.stderr)
            self.assertIn("--token TOKEN", done.stderr)
        shutil.rmtree(elsewhere)

    def test_pages_of_other_hosts_are_refused(self):
        self.assertEqual(self.ask("/healthz", Host="evil.example")[0], 403)
        self.assertEqual(self.ask("/healthz", Origin="http://evil.example")[0], 403)
        self.assertEqual(self.ask("/tlib", Origin="http://evil.example", Upgrade="websocket", Connection="Upgrade",
                                  **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})[0], 403)

    def test_who_has_no_password_is_warned_of_and_refused(self):
        self.assertRegex(self.server.log(), r"these have no password and cannot log in: applications .*desktop.*; persons .*ann")
        code, _, err = self.server.try_ctl("agent", "--login", "1001", "--dn", "1001", "--server", self.server.tlib)
        self.assertEqual(code, 1)
        self.assertIn("259", err)
        self.assertRegex(self.server.log(), "application 'desktop' has no password and is refused; give it one")
