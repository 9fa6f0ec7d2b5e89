"""What the server says before it serves: settings, folders, databases, the service manager."""

import os
import shutil
import socket
import subprocess
import tempfile
import unittest

from private_server import PrivateServer, ServerError, wait_until
from served import BIN, SITE


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
