"""The server as an operator meets it: TLS on every door with openssl and curl as clients, reload, the service manager, the
user it runs as, the log. Run by ctest (service_*), or: tests/e2e/service_test.py [BIN_FOLDER] [CLASS]"""

import json
import os
import pwd
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from private_server import ROOT, PrivateServer, ServerError, wait_until  # noqa: E402

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")
UNIT = os.path.join(ROOT, "tools", "service", "trunklined.service")


class Certificates:
    """An authority and what it issues, made by the openssl command; gone with the object's folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="trunkline-certs.")
        os.chmod(self.folder, 0o755)
        self.ca = os.path.join(self.folder, "ca.pem")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-keyout", self._at("ca.key"), "-out", self.ca, "-subj", "/CN=Test Authority")

    def _at(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def issue(self, name):
        """Writes NAME.pem and NAME.key for localhost and 127.0.0.1; the setting `tls` with them."""
        request, extensions = self._at("request.pem"), self._at("extensions")
        with open(extensions, "w", encoding="utf-8") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                      self._at(name + ".key"), "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self._at("ca.key"), "-CAcreateserial",
                      "-days", "1", "-extfile", extensions, "-out", self._at(name + ".pem"))
        os.chmod(self._at(name + ".key"), 0o600)
        return {"cert": self._at(name + ".pem"), "key": self._at(name + ".key")}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certs = Certificates()
        tls = cls.certs.issue("server")
        cls.server = PrivateServer(BIN, SITE, settings={
            "sip": {"listen": ["udp:127.0.0.1:0", "tcp:127.0.0.1:0", "tls:127.0.0.1:0"], "tls": tls},
            "tlib": {"tls": tls}, "http": {"tls": tls}})
        cls.server.start()
        cls.sip_tls = next(line.split("tls:")[1].strip() for line in cls.server.log().split("\n")
                           if "SIP listens on tls:" in line)
        cls.context = ssl.create_default_context(cafile=cls.certs.ca)

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.certs.close()

    def connect(self, where):
        host, port = where.rsplit(":", 1)
        plain = socket.create_connection((host, int(port)), timeout=20)
        return self.context.wrap_socket(plain, server_hostname=host)

    def curl(self, *arguments):
        done = subprocess.run(["curl", "-sS", "--max-time", "20", *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_curl_reads_health_and_knows_the_server(self):
        url = f"https://{self.server.http}/healthz"
        self.assertEqual(json.loads(self.curl("--cacert", self.certs.ca, url)[1])["status"], "ok")
        code, words = self.curl(url)
        self.assertEqual(code, 60, words)  # a certificate of an unknown authority
        self.assertNotEqual(self.curl("--cacert", self.certs.ca, "--tls-max", "1.1", url)[0], 0)
        self.assertNotEqual(self.curl(f"http://{self.server.http}/healthz")[0], 0)

    def test_trunkctl_by_url_and_as_an_agent(self):
        code, out, err = self.server.try_ctl("status", "--json", "--url", f"https://{self.server.http}", "--ca", self.certs.ca)
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)[0]["status"], "ok")
        code, _, err = self.server.try_ctl("status", "--url", f"https://{self.server.http}")
        self.assertEqual(code, 1)
        self.assertIn("--ca FILE", err)
        agent = subprocess.Popen([os.path.join(BIN, "trunkctl"), "agent", "--login", "1001", "--dn", "1001", "--config",
                                  self.server.config], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        try:
            wait_until("the agent to be logged in",
                       lambda: "1001" in self.server.ctl("agents", "--json") or agent.poll() is not None)
            self.assertIsNone(agent.poll(), agent.stderr.read() if agent.poll() is not None else "")
        finally:
            agent.terminate()
            agent.communicate()

    def test_t_library_over_tls(self):
        with self.connect(self.server.tlib) as client:
            client.sendall(b'{"message":"Ping"}\n')
            self.assertIn(b"Pong", client.recv(1000))

    def test_a_customer_over_sip_tls_is_greeted(self):
        with self.connect(self.sip_tls) as customer:
            customer.sendall(
                b"MESSAGE sip:1111@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKcarol\r\n"
                b"Max-Forwards: 70\r\nFrom: <sip:carol@example.com>;tag=1\r\nTo: <sip:1111@127.0.0.1>\r\nCall-ID: carol\r\n"
                b"CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")
            heard = b""
            while heard.count(b"\r\n\r\n") < 2:
                heard += customer.recv(4000)
            self.assertTrue(heard.startswith(b"SIP/2.0 200"), heard)
            self.assertIn(b"MESSAGE sip:carol@example.com", heard)

    def test_reload_takes_renewed_certificates_and_keeps_connections(self):
        with self.connect(self.server.http) as early, self.connect(self.sip_tls) as early_sip:
            old = early.getpeercert()["serialNumber"]
            self.assertEqual(early_sip.getpeercert()["serialNumber"], old)
            key = self.certs.issue("server")["key"]
            self.server.ctl("reload")
            for door in (self.server.http, self.server.tlib, self.sip_tls):
                def renewed(at=door):
                    with self.connect(at) as late:
                        return late.getpeercert()["serialNumber"] != old
                wait_until(f"the new certificate at {door}", renewed)
            early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200 OK", early.recv(1000))
            early_sip.sendall(b"\r\n\r\n")  # RFC 5626 keep-alive
            with open(key, "w", encoding="utf-8") as file:
                file.write("nonsense")
            code, _, err = self.server.try_ctl("reload")
            self.assertEqual(code, 1)
            self.assertIn("server.key: holds no private key", err)
            self.certs.issue("server")
            self.server.ctl("reload")


def text_message(to, who, branch, body):
    """A MESSAGE over UDP as a datagram."""
    return (f"MESSAGE sip:{to}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bK{branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{who}@example.com>;tag={branch}\r\nTo: <sip:{to}@127.0.0.1>\r\n"
            f"Call-ID: {branch}\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


class UdpCustomer:
    """Writes texts, answers every MESSAGE with 200, remembers what came."""

    def __init__(self, server, name):
        self.name = name
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.2)
        host, port = server.sip_udp.rsplit(":", 1)
        self.socket.connect((host, int(port)))
        self.heard = []

    def write(self, branch, body):
        self.socket.send(text_message("1111", self.name, branch, body))
        return self

    def hear(self):
        try:
            text = self.socket.recv(65000).decode()
        except socket.timeout:
            return self.heard
        self.heard.append(text)
        if text.startswith("MESSAGE"):
            kept = [line for line in text.split("\r\n\r\n")[0].split("\r\n")
                    if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
            self.socket.send(("SIP/2.0 200 OK\r\n" + "\r\n".join(kept) + "\r\nContent-Length: 0\r\n\r\n").encode())
        return self.heard

    def wait_for(self, words):
        wait_until(f"'{words}' at {self.name}", lambda: any(words in text for text in self.hear()))
        return self

    def close(self):
        self.socket.close()


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


class Drain(unittest.TestCase):
    def test_live_ones_go_on_for_drain_timeout_then_hear_a_text_and_leave_their_rows(self):
        with PrivateServer(BIN, SITE, settings={"drain_timeout": 3}) as server:
            server.start()
            carol, late = UdpCustomer(server, "carol"), UdpCustomer(server, "late")
            try:
                carol.write("one", "hello").wait_for("MESSAGE")
                server.process.terminate()
                wait_until("the drain to begin", lambda: "no new interactions" in server.log())
                late.write("late", "hello").wait_for("SIP/2.0 503")
                self.assertTrue(any("Retry-After" in text for text in late.heard))
                carol.write("two", "still there?").wait_for("CSeq: 1 MESSAGE")
                before = sum(text.startswith("MESSAGE") for text in carol.heard)
                wait_until("the last text", lambda: sum(text.startswith("MESSAGE") for text in carol.hear()) > before)
                self.assertEqual(server.process.wait(timeout=30), 0)
                self.assertIn("drain_timeout is over", server.log())
            finally:
                carol.close()
                late.close()
            server.start()  # what waited in the spool follows
            server.flush()
            self.assertEqual(server.value("SELECT count(*) FROM reporting.interaction WHERE ended_at IS NULL"), "0")
            self.assertEqual(server.value("SELECT count(*) FROM reporting.interaction"), "1")


class Start(unittest.TestCase):
    def test_of_a_bad_certificate_ends_with_one_line(self):
        with PrivateServer(BIN, SITE, settings={"http": {"tls": {"cert": "/nonexistent/a.pem"}}}) as server:
            with self.assertRaises(ServerError) as refused:
                server.start()
            self.assertIn("trunkline.yaml:1: http.tls.cert: /nonexistent/a.pem: cannot be read", str(refused.exception))
            self.assertIn("name a file", str(refused.exception))

    def test_names_file_line_and_key_of_a_bad_setting_before_the_database_is_asked(self):
        folder = tempfile.mkdtemp()
        config = os.path.join(folder, "trunkline.yaml")
        with open(os.path.join(folder, "file"), "w", encoding="utf-8"):
            pass
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUNKLINE_")}
        for text, variables, told in (
                ("sip:\n  listen:\n  - udp:127.0.0.1:0\n  - udp:127.0.0.1\n", {},
                 "trunkline.yaml:4: sip.listen: 'udp:127.0.0.1' is not transport:address:port"),
                ('sip: {listen: ["ucp:127.0.0.1:0"]}', {}, "trunkline.yaml:1: sip.listen: 'ucp:127.0.0.1:0' has a transport other"),
                ("", {"TRUNKLINE_SIP_LISTEN": "udp:127.0.0.1:99999"},
                 "environment variable TRUNKLINE_SIP_LISTEN: sip.listen: 'udp:127.0.0.1:99999' has no port"),
                ("sip: {listen: []}", {}, "trunkline.yaml:1: sip.listen: is empty; write transport:address:port"),
                ('http: {listen: "127.0.0.1:70000"}', {}, "trunkline.yaml:1: http.listen: '127.0.0.1:70000' has a port"),
                ("scripts:\n  http_allow: [a.example, 'http://x/']\n", {}, "trunkline.yaml:2: scripts.http_allow: 'http://x/' is no"),
                ("scripts:\n  databases:\n    crm: host=a nonsense\n", {},
                 "trunkline.yaml:3: scripts.databases.crm: is no connection string"),
                ("replay:\n  dir: file/log\n", {}, "trunkline.yaml:2: replay.dir: "),
                ("sip:\n  tls: {cert: none.pem}\n", {}, "trunkline.yaml:2: sip.tls.cert: "),
                ("tlib:\n  tls:\n    cert: none.pem\n", {}, "trunkline.yaml:3: tlib.tls.cert: "),
                ("", {"TRUNKLINE_REPORTING_SPOL": "x"}, "did you mean TRUNKLINE_REPORTING_SPOOL?")):
            with self.subTest(told):
                with open(config, "w", encoding="utf-8") as file:
                    file.write(text)
                done = subprocess.run([os.path.join(BIN, "trunklined"), "--config", config], capture_output=True, text=True,
                                      check=False, env={**environment, "TRUNKLINE_DATABASE_DSN": "host=/nowhere", **variables})
                lines = [line for line in done.stderr.split("\n") if line.startswith("trunklined: ")]
                self.assertEqual((done.returncode, len(lines)), (1, 1), done.stderr)
                self.assertIn(told, lines[0])
        shutil.rmtree(folder)

    def test_tells_the_service_manager(self):
        folder = tempfile.mkdtemp()
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.settimeout(30)
        manager.bind(os.path.join(folder, "notify"))
        os.environ["NOTIFY_SOCKET"] = os.path.join(folder, "notify")
        try:
            with PrivateServer(BIN, SITE) as server:
                server.start()
                self.assertEqual(manager.recv(100), b"READY=1")
                server.stop()
                self.assertEqual(manager.recv(100), b"STOPPING=1")
                self.assertEqual(server.process.returncode, 0)
        finally:
            del os.environ["NOTIFY_SOCKET"]
            manager.close()
            shutil.rmtree(folder)

    def test_appends_to_its_log_so_that_it_may_be_copied_and_cut_off(self):
        with PrivateServer(BIN, SITE) as server:
            server.start()
            server.ctl("reload")
            with open(server.log_path, "r+", encoding="utf-8") as log:
                log.truncate(0)
            server.ctl("reload")
            wait_until("a line in the log", lambda: "generation" in server.log())
            self.assertNotIn("\0", server.log())


@unittest.skipUnless(os.getuid() == 0, "only root can become another")
class Owner(unittest.TestCase):
    def test_is_the_user_that_root_named_and_root_is_warned_of(self):
        with PrivateServer(BIN, SITE) as server:
            server.start()
            self.assertIn("running as root", server.log())
            server.stop()
            owner = pwd.getpwnam("postgres")  # whom the private cluster lets in
            for path in (server.folder, server.config):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            for path in os.listdir(server.folder):
                if path in ("spool", "token"):
                    subprocess.run(["chown", "-R", "postgres:", os.path.join(server.folder, path)], check=True)
            server.start("--user", "postgres")
            with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            self.assertEqual(status["Uid"].split(), [str(owner.pw_uid)] * 4)
            self.assertEqual(status["Gid"].split(), [str(owner.pw_gid)] * 4)
            self.assertNotIn("0", status["Groups"].split())
            self.assertEqual(int(status["CapEff"], 16), 0)
            self.assertEqual(int(status["CapPrm"], 16), 0)
            self.assertNotIn("running as root", server.log())
            self.assertEqual(json.loads(server.ctl("status", "--json"))[0]["status"], "ok")

    def test_must_exist(self):
        done = subprocess.run([os.path.join(BIN, "trunklined"), "--user", "nobody-of-that-name"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no user nobody-of-that-name", done.stderr)


class Unit(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_is_one_that_systemd_understands(self):
        folder = tempfile.mkdtemp()
        copy = os.path.join(folder, "trunklined.service")
        with open(UNIT, encoding="utf-8") as unit, open(copy, "w", encoding="utf-8") as out:
            out.write(unit.read().replace("/usr/local/bin/trunklined", os.path.join(BIN, "trunklined")))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
        shutil.rmtree(folder)
        self.assertEqual(done.stderr.strip(), "")
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        BIN = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
