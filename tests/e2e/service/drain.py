"""An orderly stop: what goes on, what is taken no more."""

import unittest

from private_server import PrivateServer, wait_until
from served import BIN, SITE
from udp_customer import UdpCustomer


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
