"""TLS on every door, with openssl and curl as clients; certificates that are renewed."""

import json
import os
import socket
import ssl
import subprocess
import unittest

from certificates import Certificates
from private_server import PrivateServer, wait_until
from served import BIN, SITE


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
