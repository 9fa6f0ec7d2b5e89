"""End to end: SIPp is the customer, raw_agent.py the agent, psql reads what is left; trunklined, PostgreSQL and the stock
strategies are the real ones. Run by ctest (e2e), or: tests/e2e/e2e_test.py [BIN_FOLDER] [-k NAME]"""

import os
import shutil
import signal
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from private_server import ROOT, PrivateServer, wait_until  # noqa: E402

from customer import Customer  # noqa: E402
from raw_agent import RawAgent  # noqa: E402
from raw_web_socket import RawWebSocket  # noqa: E402

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")

GREETER = """return function(ix)
  ix:collect_digits{total_timeout = 60}
  ix:play_announcement{text = "%s"}
  ix:collect_digits{total_timeout = 60}
  ix:play_announcement{text = "%s, and goodbye"}
  ix:disconnect()
end
"""

ASKER = """return function(ix)
  ix:collect_digits{total_timeout = 60}
  local rows, why = db.query("SELECT tier FROM script.customer WHERE name = $1", {ix.ani})
  local answer, trouble = http.get("http://127.0.0.1:%d/tier?of=" .. ix.ani)
  local _, refused = http.get("http://[::1]:%d/")
  ix:play_announcement{text = ("table %%s, web %%s, refused %%s"):format(
    rows and rows[1].tier or why, answer and answer.body or trouble, refused:match("not public"))}
  ix:disconnect()
end
"""


class Crm(BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"silver for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class EndToEnd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="trunkline-e2e.")
        cls.strategies = os.path.join(cls.folder, "strategies")
        os.mkdir(cls.strategies)
        cls.write_strategy("greeter", GREETER % ("the old text", "the old text"))
        cls.server = PrivateServer(BIN, SITE, strategies=[cls.strategies],
                                   settings={"scripts": {"http_allow": ["127.0.0.1"]},
                                             "replay": {"dir": os.path.join(cls.folder, "replay")}},
                                   cluster_settings=["fsync=off", "full_page_writes=off"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def write_strategy(cls, name, text):
        draft = os.path.join(cls.folder, "draft")
        with open(draft, "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(draft, os.path.join(cls.strategies, f"{name}.lua"))  # nobody ever reads half a file

    def customer(self, scenario, **more):
        customer = Customer(self.server, self.folder, scenario, **more)
        self.addCleanup(customer.leave)
        return customer

    def agent(self, dn):
        agent = RawAgent(self.server.tlib, dn)

        def go_home():
            agent.ask("RequestAgentLogout", ThisDN=dn)
            agent.wait("EventAgentLogout")
            agent.close()
        self.addCleanup(go_home)
        return agent

    def interaction(self, customer, outcome):
        """Its id, once its row is closed."""
        self.server.flush()
        rows = self.server.rows(f"SELECT id, outcome FROM reporting.interaction WHERE customer = 'sip:{customer}@customers.example'")
        self.assertEqual([row[1] for row in rows], [outcome], customer)
        return rows[0][0]

    def answer_and_write(self, agent):
        """The agent's part up to his first text; returns EventRinging."""
        ringing = agent.wait("EventRinging")
        agent.on_call("RequestAnswerCall", ringing)
        agent.wait("EventEstablished")
        agent.on_call("RequestPrivateService", ringing, PrivateMsgID=3001, Extensions={"im": "Hello, this is Ann"})
        agent.wait("EventPrivateInfo", "Hello, this is Ann")
        return ringing

    # Who waited how long, who answered, what was said, and why that agent: asked in SQL.
    def check_rows(self, name, transcript, agents_who_could):
        ix = self.interaction(name, "handled")
        where = f"WHERE interaction_id = '{ix}'"
        sql = self.server.rows
        self.assertEqual(sql(f"SELECT media, call_type, routing_point, strategy, generation > 0, ended_at > started_at FROM "
                             f"reporting.interaction WHERE id = '{ix}'"), [("chat", "inbound", "1111", "im_support", "t", "t")])
        self.assertEqual(sql(f"SELECT direction, from_dn, text, status FROM reporting.message {where} ORDER BY seq"), transcript)
        self.assertEqual(sql(f"SELECT role, dn, agent, answered_at IS NOT NULL, left_at IS NOT NULL FROM reporting.party {where} "
                             "ORDER BY seq"),
                         [("customer", name, "", "t", "t"), ("routing_point", "1111", "", "f", "t"), ("agent", "1001", "ann", "t", "t")])
        self.assertEqual(sql(f"SELECT queue, kind, outcome, left_at - entered_at BETWEEN interval '0' AND interval '1 minute' "
                             f"FROM reporting.queue_stay {where}"), [("1111", "routing_point", "distributed", "t")])
        self.assertEqual(sql(f"SELECT agent, dn, result, selected_at >= requested_at FROM reporting.route {where}"),
                         [("ann", "1001", "selected", "t")])
        decision = sql(f"SELECT winner, strategy, candidates, line, figure >= 0, coalesce(ruled_out::text, '') FROM "
                       f"reporting.decision {where}")
        self.assertEqual([row[:3] for row in decision], [("ann", "im_support", agents_who_could)])
        with open(os.path.join(ROOT, "strategies", "im_support.lua"), encoding="utf-8") as file:
            self.assertIn("ix:route{", file.read().split("\n")[int(decision[0][3]) - 1], "the line of the decision")
        treatments = sql(f"SELECT name, result FROM reporting.treatment {where} ORDER BY seq")
        self.assertIn("play_announcement", [row[0] for row in treatments])
        self.assertIn("collect_digits", [row[0] for row in treatments])
        self.assertEqual(sql(f"SELECT key, value FROM reporting.userdata {where} AND key IN ('request', 'topic') ORDER BY key"),
                         [("request", "Hello, I need help"), ("topic", "billing")])
        return ix

    def talk_in_pager_mode(self, transport):
        name = f"pager_{transport}"
        ann = self.agent("1001")
        first = self.customer("uac_pager_listening", transport=transport, customer=name, text="Hello, I need help")
        first.wait_for("Welcome to support")
        second = self.customer("uac_pager_listening", transport=transport, customer=name, text="billing")
        second.wait_for("Thank you")
        ringing = self.answer_and_write(ann)
        self.assertEqual(ringing["UserData"]["topic"], "billing")
        self.assertEqual((ringing["OtherDN"], ringing["DNIS"], ringing["MediaType"], ringing["CallType"]), (name, "1111", 5, 2))
        second.wait_for("[1001/E1001] Hello, this is Ann")
        third = self.customer("uac_pager_listening", transport=transport, customer=name, text="Two months on one invoice")
        ann.wait("EventPrivateInfo", "Two months on one invoice")
        third.wait_for("200 OK")
        ann.on_call("RequestReleaseCall", ringing)
        ann.wait("EventReleased")
        wanted = [("in", name, "Hello, I need help"), ("system", "1111", "Welcome to support. Is it about billing, or something else?"),
                  ("in", name, "billing"), ("system", "1111", "Thank you. We are looking for somebody who can help."),
                  ("out", "1001", "Hello, this is Ann"), ("in", name, "Two months on one invoice")]
        self.check_rows(name, [(*row, "delivered") for row in wanted], "1")

    def test_pager_mode_over_udp(self):
        self.talk_in_pager_mode("udp")

    def test_pager_mode_over_tcp(self):
        self.talk_in_pager_mode("tcp")

    def talk_in_session_mode(self, transport):
        name = f"session_{transport}"
        ann, bob = self.agent("1001"), self.agent("1002")
        customer = self.customer("uac_session_conversation", transport=transport, customer=name)
        self.answer_and_write(ann)
        customer.wait_for_the_end()
        ann.wait("EventReleased")
        self.assertEqual([event for event in bob.seen if "Ringing" in event["message"]], [])
        wanted = [("in", name, "Hello, I need help"), ("system", "1111", "Welcome to support. Is it about billing, or something else?"),
                  ("in", name, "billing"), ("system", "1111", "Thank you. We are looking for somebody who can help."),
                  ("out", "1001", "Hello, this is Ann")]
        ix = self.check_rows(name, [(*row, "delivered") for row in wanted], "1")
        self.assertEqual(self.server.rows(f"SELECT cause FROM reporting.party WHERE interaction_id = '{ix}' AND role = 'agent'"),
                         [("released",)])

    def test_session_mode_over_udp(self):
        self.talk_in_session_mode("udp")

    def test_session_mode_over_tcp(self):
        self.talk_in_session_mode("tcp")

    def use_strategy(self, strategy):
        """By SQL, as an administrator may; in force within a second or so."""
        before = int(self.server.value("SELECT max(revision) FROM config.change"))
        self.server.value(f"UPDATE config.dn SET strategy = '{strategy}' WHERE number = '1112' AND switch = 'sip_switch' "
                          "RETURNING strategy")
        wait_until("the change to be in force", lambda: f"revision {before + 1} is in force" in self.server.log(), 5)

    def test_a_change_by_sql_is_in_force_for_the_next_customer(self):
        self.use_strategy("im_support")
        self.customer("uac_pager_listening", to="1112", customer="before_sql", text="hi").wait_for("Welcome to support")
        self.use_strategy("greeter")
        self.customer("uac_pager_listening", to="1112", customer="after_sql", text="hi").wait_for("the old text")

    def test_a_change_of_a_script_is_in_force_for_the_next_customer_and_not_for_those_who_wait(self):
        self.use_strategy("greeter")
        waiting = self.customer("uac_pager_listening", to="1112", customer="waiting", text="hi").wait_for("the old text")
        generation = self.generation()
        self.write_strategy("greeter", GREETER % ("the new text", "the new text"))
        wait_until("the file's change to be in force", lambda: self.generation() > generation)
        self.customer("uac_pager_listening", to="1112", customer="next", text="hi").wait_for("the new text")
        last = self.customer("uac_pager_listening", to="1112", customer="waiting", text="still there")
        last.wait_for("the old text, and goodbye")
        self.assertNotIn("the new text", waiting.traffic() + last.traffic())
        self.server.flush()
        self.assertEqual(self.server.rows("SELECT generation FROM reporting.interaction WHERE customer = "
                                          "'sip:waiting@customers.example'"), [(str(generation),)])

        generation = self.generation()
        self.write_strategy("greeter", "return function(ix)\n  ix:play_announcement{text = }\nend\n")
        status, _, errors = self.server.try_ctl("reload")
        self.assertEqual(status, 1)
        self.assertRegex(errors, r"greeter\.lua:2: ")
        self.assertEqual(self.generation(), generation, "a broken file changes nothing")
        self.customer("uac_pager_listening", to="1112", customer="third", text="hi").wait_for("the new text")

        self.write_strategy("greeter", GREETER % ("the old text", "the old text"))
        self.assertIn("in force", self.server.ctl("reload"))

    def test_a_script_asks_a_database_and_the_web(self):
        crm = HTTPServer(("127.0.0.1", 0), Crm)
        threading.Thread(target=crm.serve_forever, daemon=True).start()
        self.addCleanup(crm.server_close)
        self.addCleanup(crm.shutdown)
        self.server.rows("CREATE TABLE script.customer (name text, tier text); "
                         "INSERT INTO script.customer VALUES ('asking', 'gold')")
        self.write_strategy("asker", ASKER % (crm.server_port, crm.server_port))
        self.assertIn("in force", self.server.ctl("reload"))
        self.use_strategy("asker")
        self.customer("uac_pager_listening", to="1112", customer="asking", text="hi").wait_for(
            "table gold, web silver for /tier?of=asking, refused not public")

        with self.subTest("the recorded run replays the same, with the answers of both in it and nobody to ask"):
            crm.shutdown()
            self.server.stop()
            try:
                log = self.recorded_commands()
                self.assertIn('"QueryAnswered"', log)
                self.assertIn('"HttpAnswered"', log)
                self.assertIn("silver for /tier?of=asking", log)
                self.assertRegex(self.server.ctl("replay", os.path.join(self.folder, "replay"), "--recorded"),
                                 r"^[0-9]+ commands of [0-9]+ runs with the recorded scripts: the same effects")
            finally:
                self.server.start()

    def recorded_commands(self):
        texts = []
        for folder, _, names in os.walk(os.path.join(self.folder, "replay")):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
        return "".join(texts)

    def test_the_hangup_signal_loads_the_scripts_anew(self):
        generation = self.generation()
        self.server.process.send_signal(signal.SIGHUP)  # no file has changed: nothing else reloads
        wait_until("the reload", lambda: self.generation() == generation + 1)
        self.assertEqual(self.server.rows("SELECT generation, outcome FROM reporting.script_generation ORDER BY seq DESC LIMIT 2"),
                         [(str(generation + 1), "loaded"), (str(generation), "superseded")])
        self.customer("uac_pager_listening", customer="after_hangup", text="hi").wait_for("Welcome to support")

    def generation(self):
        self.server.flush()
        return int(self.server.value("SELECT max(generation) FROM reporting.script_generation WHERE outcome = 'loaded'"))

    def test_a_web_socket_carries_the_same_objects_as_the_line_protocol(self):
        link = RawWebSocket(self.server.http, "/tlib")
        self.addCleanup(link.close)
        link.send({"message": "RequestRegisterClient", "ApplicationName": "desktop", "ReferenceID": 1})
        self.assertEqual((lambda e: (e["message"], e["ReferenceID"]))(link.receive()), ("EventLinkConnected", 1))
        link.send({"message": "RequestRegisterAddress", "ThisDN": "1002", "ReferenceID": 2})
        self.assertEqual(link.receive()["message"], "EventRegistered")
        link.send({"message": "RequestAgentLogin", "ThisDN": "1002", "AgentID": "nobody", "ReferenceID": 3})
        refused = link.receive()
        self.assertEqual((refused["message"], refused["ErrorCode"], refused["ReferenceID"]), ("EventError", 192, 3))

    def test_what_was_accepted_is_reported_although_the_server_is_killed(self):
        ann = RawAgent(self.server.tlib, "1001")
        customer = self.customer("uac_pager_listening", customer="cut_off", text="Hello, I need help").wait_for("200 OK")
        self.server.kill()
        with self.subTest("the spool is written and open rows are closed"):
            self.server.start()
            ix = self.interaction("cut_off", "failed")
            texts = self.server.rows(f"SELECT direction, text FROM reporting.message WHERE interaction_id = '{ix}' AND direction = 'in'")
            self.assertEqual(texts, [("in", "Hello, I need help")])
            for table, end in (("interaction", "ended_at"), ("party", "left_at"), ("queue_stay", "left_at"),
                               ("agent_session", "logged_out_at"), ("agent_state", "ended_at")):
                self.assertEqual(self.server.value(f"SELECT count(*) FROM reporting.{table} WHERE {end} IS NULL"), "0", table)
        with self.subTest("agents log in again, and a new customer is served"):
            ann.close()
            customer.leave()
            self.talk_in_session_mode_again()

    def talk_in_session_mode_again(self):
        ann = self.agent("1001")
        customer = self.customer("uac_session_conversation", customer="after_the_crash")
        self.answer_and_write(ann)
        customer.wait_for_the_end()
        ann.wait("EventReleased")


if __name__ == "__main__":
    if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]):
        BIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
