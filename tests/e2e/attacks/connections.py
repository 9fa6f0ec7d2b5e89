"""Connections that say nothing, or never come to an end: their number is bounded, others are served meanwhile, and they are
closed in time."""

import os
import resource
import socket
import time

from attacked import Attacked
from private_server import wait_until
from raw_client import RawClient
from raw_sip import RawSip

FILES = 1024  # what the server may have open
FLOOD = 2000
MARK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


class Connections(Attacked):
    limits = (f"--nofile={FILES}:{FILES}",)
    arguments = ("--core-dumps",)  # so that whoever runs the tests may count its files

    @classmethod
    def setUpClass(cls):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().setUpClass()

    def flood(self, address, say=b"", count=FLOOD):
        host, port = address.rsplit(":", 1)
        held = []
        self.addCleanup(lambda: [one.close() for one in held])
        for _ in range(count):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((host, int(port)))
            held.append(one)
        for one in held if say else ():
            try:
                one.send(say)
            except OSError:  # not accepted yet, or closed already
                pass
        return held

    def open_files(self):
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def others_are_served(self):
        self.server_lives()  # SIP over UDP, HTTP
        self.assertEqual(self.server.try_ctl("status")[0], 0)  # the control socket
        with RawClient(self.server.tlib) as client:
            self.assertEqual(client.opened["message"], "EventLinkConnected")
        with RawSip(self.server.sip_tcp, "tcp") as peer:
            self.assertEqual(peer.ask("OPTIONS"), 200)
        self.assertLess(self.open_files(), FILES)

    def test_of_t_library_that_do_not_open(self):
        self.flood(self.server.tlib)
        self.others_are_served()

    def test_of_http_that_ask_nothing_or_very_slowly(self):
        self.flood(self.server.http)
        self.others_are_served()
        self.flood(self.server.http, MARK)
        self.others_are_served()

    def test_of_web_sockets_that_do_not_open(self):
        upgrade = (f"GET /tlib HTTP/1.1\r\nHost: {self.server.http}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
        self.flood(self.server.http, upgrade)
        self.others_are_served()

    def test_of_sip_that_say_nothing_or_half_of_it(self):
        self.flood(self.server.sip_tcp)
        wait_until("SIP to close them", lambda: self.open_files() < FILES * 3 // 4)
        self.others_are_served()
        self.flood(self.server.sip_tcp, b"OPTIONS sip:1111@trunkline SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK")
        wait_until("SIP to close them", lambda: self.open_files() < FILES * 3 // 4)
        self.others_are_served()

    def test_that_were_heard_outlive_those_that_say_nothing(self):
        with RawSip(self.server.sip_tcp, "tcp") as peer:
            self.assertEqual(peer.ask("OPTIONS"), 200)
            self.flood(self.server.sip_tcp)
            wait_until("SIP to close them", lambda: self.open_files() < FILES * 3 // 4)
            self.assertEqual(peer.ask("OPTIONS"), 200, "over the same connection")

    def test_that_ended_leave_no_file_open(self):
        before = self.open_files()
        for address in (self.server.tlib, self.server.http, self.server.sip_tcp):
            for one in self.flood(address, count=200):
                one.close()
        wait_until("their files to be closed", lambda: self.open_files() <= before + 20)

    def test_lies_about_a_length_end_one_connection_and_cost_no_memory(self):
        memory = self.resident()
        for length in ("99999999999999999999", "4294967295", "-1", "2147483648", "0x10", "1e9", " 5 5"):
            with RawSip(self.server.sip_tcp, "tcp") as peer:
                head = peer.text_of("MESSAGE", "hello").replace(b"Content-Length: 5", f"Content-Length: {length}".encode())
                peer.send(head)
                peer.receive(0.2)
            with socket.create_connection(tuple(self.server.http.rsplit(":", 1)), timeout=5) as client:
                client.sendall(f"POST /api/v1/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\nx".encode())
                self.assertIn(client.recv(100)[9:12], (b"400", b"401", b"413"), length)
        with RawSip(self.server.sip_tcp, "tcp") as peer:  # two in one, the first one shorter than it says
            both = peer.text_of("MESSAGE", "one", sender="liar").replace(b"Content-Length: 3", b"Content-Length: 1")
            peer.send(both + peer.text_of("OPTIONS"))
            peer.receive(0.5)
        self.assertLess(self.resident() - memory, 64 << 20)

    def test_long_bodies_of_strangers_are_not_kept(self):
        memory = self.resident()
        host, port = self.server.http.rsplit(":", 1)
        held = []
        for _ in range(100):
            client = socket.create_connection((host, int(port)), timeout=5)
            held.append(client)
            client.sendall(b"POST /api/v1/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n")
            try:
                client.sendall(b"x" * 1_000_000)
            except OSError:  # closed by the server, as it should
                pass
        self.assertLess(self.resident() - memory, 50 << 20)
        for client in held:
            client.close()

    def resident(self):
        with open(f"/proc/{self.server.process.pid}/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * 4096

    def test_headers_and_lines_without_an_end_are_cut(self):
        for address, head, status in ((self.server.http, MARK, b"431"), (self.server.http, b"GET /" + b"a" * 20_000, b"4"),
                                      (self.server.tlib, b"{", b"")):
            host, port = address.rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=20) as client:
                answer = b""
                try:
                    client.sendall(head + b"a" * 3_000_000)
                    answer = client.recv(1000)
                except OSError:
                    pass
                self.assertTrue(answer == b"" or status in answer, answer)
        with RawSip(self.server.sip_tcp, "tcp") as peer:
            try:
                peer.send(b"OPTIONS sip:1111@trunkline SIP/2.0\r\nX: " + b"a" * 3_000_000)
            except OSError:
                pass
            peer.receive(1)

    def test_requests_by_thousands_wait_outside(self):
        """One client that never reads and sends what it can does not fill our memory, nor keep others waiting."""
        memory = self.resident()
        with RawClient(self.server.tlib) as client:
            client.socket.settimeout(0.2)
            end = time.monotonic() + 3
            try:
                while time.monotonic() < end:
                    client.send_raw('{"message":"RequestQueryServer"}\n' * 1000)
            except OSError:  # full, or dropped for what waits for it
                pass
            self.others_are_served()
        self.assertLess(self.resident() - memory, 100 << 20)
