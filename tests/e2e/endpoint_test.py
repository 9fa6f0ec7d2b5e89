"""End to end: an agent whose texts go over SIP. SIPp is the endpoint that registering.py registers, and the customer;
trunklined and PostgreSQL are the real ones. Run by ctest (e2e_endpoints), or: tests/e2e/endpoint_test.py [BIN_FOLDER]"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from private_server import ROOT, PrivateServer, wait_until  # noqa: E402

from customer import SCENARIOS, Customer, free_port  # noqa: E402
from raw_agent import RawAgent  # noqa: E402
from registering import register  # noqa: E402

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")

# Beside the example's agents one whose DN has a password: its endpoint may register.
DESK = """
tenants:
  - name: Resources
    persons:
      - {user_name: cid, employee_id: E3001, is_agent: true, agent_logins: ["3001"], default_place: P3001,
         capacity_rule: two_chats}
    places: [{name: P3001, dns: ["3001"]}]
switches:
  - name: sip_switch
    tenant: Resources
    agent_logins: [{code: "3001"}]
    dns:
      - {number: "3001", type: Extension, options: {TServer: {multimedia: true, password: "%s"}}}
      - {number: "3111", type: RoutingPoint, strategy: to_cid}
"""
PASSWORD = "the-desk-of-cid"


class Endpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="trunkline-endpoints.")
        with open(os.path.join(cls.folder, "to_cid.lua"), "w", encoding="utf-8") as file:
            file.write('return function(ix)\n  ix:route{targets = {target.agent("cid")}, timeout = 60}\nend\n')
        cls.server = PrivateServer(BIN, SITE, strategies=[cls.folder], cluster_settings=["fsync=off", "full_page_writes=off"])
        cls.give_password(PASSWORD)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def give_password(cls, password):
        desk = os.path.join(cls.folder, "desk.yaml")
        with open(desk, "w", encoding="utf-8") as file:
            file.write(DESK % password)
        cls.server.ctl("import", desk)

    def endpoint(self, scenario):
        """Listens at a port of its own; returns it."""
        port = free_port()
        log = os.path.join(self.folder, f"{scenario}-{port}.log")
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "sipp", "-sf", f"{SCENARIOS}/{scenario}.xml", "-t", "u1", "-i", "127.0.0.1",
             "-p", str(port), "-nostdin", "-trace_msg", "-message_file", log, "-message_overwrite", "true",
             f"127.0.0.1:{port}"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

        def end():
            process.kill()
            process.wait()
        self.addCleanup(end)
        self.log = log

        def listens():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    return True
            return False
        wait_until("SIPp to listen", listens)
        return port

    def traffic(self):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def register(self, port, password=PASSWORD, **more):
        return register(self.server.sip_udp, "3001", password, port, **more)

    def ready_agent(self):
        agent = RawAgent(self.server.tlib, "3001")

        def go_home():
            agent.ask("RequestAgentLogout", ThisDN="3001")
            agent.wait("EventAgentLogout")
            agent.close()
        self.addCleanup(go_home)
        return agent

    def customer(self, name, text):
        customer = Customer(self.server, self.folder, "uac_pager_listening", to="3111", customer=name, text=text)
        self.addCleanup(customer.leave)
        return customer

    def texts_of(self, name):
        self.server.flush()
        return self.server.rows("SELECT m.direction, m.from_dn, m.text FROM reporting.message AS m JOIN reporting.interaction AS i "
                                f"ON i.id = m.interaction_id WHERE i.customer = 'sip:{name}@customers.example' AND "
                                "m.direction IN ('in', 'out') ORDER BY m.seq")

    def test_an_endpoint_that_registered_is_called_answers_and_talks(self):
        self.assertEqual(self.register(self.endpoint("uas_agent_session")), 200)
        cid = self.ready_agent()
        carl = self.customer("carl", "Hello, I need help")
        ringing = cid.wait("EventRinging")
        cid.wait("EventEstablished")
        cid.wait("EventPrivateInfo", "Hello, this is Cid")
        carl.wait_for("[3001/E3001] Hello, this is Cid")
        cid.on_call("RequestReleaseCall", ringing)
        cid.wait("EventReleased")
        wait_until("BYE at the endpoint", lambda: "\nBYE sip:" in self.traffic())
        self.assertIn("From: <sip:carl@trunkline>", self.traffic())
        self.assertEqual(self.texts_of("carl"), [("in", "carl", "Hello, I need help"), ("out", "3001", "Hello, this is Cid")])

    def test_an_endpoint_that_declines_the_medium_talks_in_pager_mode(self):
        self.assertEqual(self.register(self.endpoint("uas_agent_pager"), algorithms=("MD5",)), 200)
        cid = self.ready_agent()
        dora = self.customer("dora", "Is anybody there?")
        ringing = cid.wait("EventRinging")
        cid.wait("EventEstablished")
        self.assertIn("Is anybody there?", self.traffic())
        reply = Customer(self.server, self.folder, "uac_pager_listening", to="dora", customer="3001", text="Yes, Cid is")
        self.addCleanup(reply.leave)
        dora.wait_for("[3001/E3001] Yes, Cid is")
        cid.on_call("RequestReleaseCall", ringing)
        cid.wait("EventReleased")
        self.assertEqual(self.texts_of("dora"), [("in", "dora", "Is anybody there?"), ("out", "3001", "Yes, Cid is")])

    def test_a_registration_outlives_a_kill_and_ends_with_its_password(self):
        port = self.endpoint("uas_agent_session")
        self.assertEqual(self.register(port, "guessed"), 401)
        self.assertEqual(self.register(port), 200)
        self.server.kill()
        self.server.start()
        cid = self.ready_agent()
        self.customer("emma", "Hello, I need help")
        ringing = cid.wait("EventRinging")
        cid.wait("EventEstablished")
        cid.on_call("RequestReleaseCall", ringing)
        cid.wait("EventReleased")

        self.give_password("another")
        self.assertEqual(self.register(port), 401, "the old password")
        frank = self.customer("frank", "Hello, I need help")
        ringing = cid.wait("EventRinging")  # by T-Library alone: nothing is registered any more
        cid.on_call("RequestAnswerCall", ringing)
        cid.wait("EventEstablished")
        cid.on_call("RequestReleaseCall", ringing)
        cid.wait("EventReleased")
        frank.wait_for("200 OK")
        self.give_password(PASSWORD)

        with self.subTest("what an export and the log say of it"):
            self.assertNotIn(PASSWORD, self.server.ctl("export") + self.server.log())


if __name__ == "__main__":
    if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]):
        BIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
