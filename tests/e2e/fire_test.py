"""Output commit under fire: the server killed, PostgreSQL stopped, restarted, read-only and hanging, the spool full, under a
crowd that writes and repeats what was not answered. What was answered 2xx is in SQL once and once only, and no row stays open.
Run by ctest (fire_*), or: tests/e2e/fire_test.py [BIN_FOLDER] [-k NAME]; TRUNKLINE_KILLS says how often the server is killed."""

import json
import os
import random
import signal
import sys
import time
import unittest
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from private_server import ROOT, PrivateServer, ServerError, wait_until  # noqa: E402

from crowd import Crowd  # noqa: E402
from raw_agent import RawAgent  # noqa: E402

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
KILLS = int(os.environ.get("TRUNKLINE_KILLS", "10"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")
# Without them SQL is as sure as the machine: here only processes die.
QUICK = ["fsync=off", "full_page_writes=off"]
# The crowd is one peer.
OPEN_DOOR = {"peer_sessions": 1000000, "peer_new_per_second": 1000000}
ENDS = (("interaction", "ended_at"), ("party", "left_at"), ("queue_stay", "left_at"), ("agent_session", "logged_out_at"),
        ("agent_state", "ended_at"), ("treatment", "ended_at"), ("custom_state", "ended_at"))


class UnderFire(unittest.TestCase):
    settings = {}

    def setUp(self):
        self.server = PrivateServer(BIN, SITE, settings={"sip": OPEN_DOOR, **self.settings}, cluster_settings=QUICK)
        self.addCleanup(self.server.close)
        self.server.start()
        self.crowd = Crowd()
        self.addCleanup(self.crowd.close)
        self.crowd.reach(self.server.sip_udp)
        self.written = 0

    def write(self, customers, texts_each, prefix="c", padding=""):
        for one in range(customers):
            texts = []
            for _ in range(texts_each):
                self.written += 1
                texts.append(f"text {self.written}" + padding)
            self.crowd.write(f"{prefix}{one}", *texts)

    def everything_is_answered(self, patience=30):
        wait_until("an answer to every text", lambda: self.crowd.unanswered() == 0, patience)

    def health(self):
        with urllib.request.urlopen(f"http://{self.server.http}/healthz", timeout=10) as answer:
            return json.load(answer)

    def wait_for_health(self, status, patience=30):
        return wait_until(f"healthz to say {status}", lambda: (lambda now: now if now["status"] == status else None)(self.health()),
                          patience)

    def no_text_is_missing_and_none_is_doubled(self):
        self.server.flush()
        rows = self.server.rows("SELECT text, count(*) FROM reporting.message WHERE direction = 'in' GROUP BY text")
        self.assertEqual([row for row in rows if row[1] != "1"], [], "texts that were counted twice")
        missing = set(self.crowd.taken) - {row[0] for row in rows}
        self.assertEqual(sorted(missing), [], f"of {len(self.crowd.taken)} texts that were acknowledged")
        self.assertEqual(self.server.value("SELECT count(*) FROM reporting.message m LEFT JOIN reporting.interaction i ON i.id = "
                                           "m.interaction_id WHERE i.id IS NULL"), "0", "texts without an interaction")

    def no_row_is_open(self):
        for table, end in ENDS:
            self.assertEqual(self.server.value(f"SELECT count(*) FROM reporting.{table} WHERE {end} IS NULL"), "0", table)

    def postgres(self, verb, *settings):
        self.server._run([os.path.join(ROOT, "db", "cluster"), verb, self.server.cluster, *settings])


class KilledUnderLoad(UnderFire):
    def test_no_acknowledged_text_is_missing_none_is_doubled_and_every_row_is_closed(self):
        dice = random.Random(1)
        for round_ in range(KILLS):
            ann = RawAgent(self.server.tlib, "1001")
            self.write(customers=40, texts_each=60, prefix=f"c{round_ % 3}_")
            before = len(self.crowd.taken)
            wait_until("texts to be taken", lambda: len(self.crowd.taken) > before + 50)  # noqa: B023
            time.sleep(dice.uniform(0, 0.3))
            self.server.kill()
            ann.close()
            self.server.start()
            self.crowd.reach(self.server.sip_udp)
        self.everything_is_answered(120)
        self.crowd.reach(None)
        self.server.kill()
        self.server.start()
        self.no_text_is_missing_and_none_is_doubled()
        self.assertEqual(len(self.crowd.taken), self.written)
        self.no_row_is_open()
        outcomes = self.server.rows("SELECT DISTINCT outcome FROM reporting.interaction")
        self.assertEqual(outcomes, [("failed",)], "what a crash cut off")
        print(f"{KILLS} kills, {self.written} texts taken, {self.crowd.repeated} repetitions", file=sys.stderr)


class LostDatabase(UnderFire):
    def test_texts_are_taken_while_postgresql_is_stopped_and_follow_when_it_is_back(self):
        self.write(10, 5)
        self.everything_is_answered()
        self.postgres("stop")
        self.write(10, 20)
        self.everything_is_answered()
        self.assertEqual(len(self.crowd.taken), 250)
        wait_until("the spool to be among the reasons",
                   lambda: "reports wait in the spool" in " ".join(self.wait_for_health("degraded")["why"]))
        self.postgres("start", *QUICK)
        self.wait_for_health("ok")
        self.no_text_is_missing_and_none_is_doubled()

        with self.subTest("a crash of the server while PostgreSQL is away loses nothing either"):
            self.postgres("stop")
            self.write(10, 20, "d")
            self.everything_is_answered()
            self.crowd.reach(None)
            self.server.kill()
            self.postgres("start", *QUICK)
            self.server.start()
            self.no_text_is_missing_and_none_is_doubled()
            self.no_row_is_open()

    def test_restarts_under_load_neither_lose_nor_double_a_text(self):
        for round_ in range(3):
            self.write(20, 100, f"r{round_}_")
            self.postgres("stop")
            self.postgres("start", *QUICK)
        for round_ in range(3):
            self.write(20, 100, f"k{round_}_")
            os.kill(self.server.database_pid(), signal.SIGQUIT)  # at once: it recovers at the next start
            wait_until("PostgreSQL to be gone", lambda: self.postmaster_is_gone())
            self.postgres("start", *QUICK)
        self.everything_is_answered(60)
        self.wait_for_health("ok")
        self.no_text_is_missing_and_none_is_doubled()
        self.assertEqual(len(self.crowd.taken), self.written)

    def postmaster_is_gone(self):
        try:
            os.kill(self.server.database_pid(), 0)
            return False
        except (OSError, StopIteration):
            return True

    def test_a_database_that_only_reads_is_waited_for(self):
        self.write(10, 5)
        self.everything_is_answered()
        self.read_only(True)
        self.write(10, 20)
        self.everything_is_answered()
        wait_until("healthz to say why", lambda: "read-only" in " ".join(self.health().get("why", [])), 30)
        self.read_only(False)
        self.wait_for_health("ok")
        self.no_text_is_missing_and_none_is_doubled()

    def read_only(self, on):
        os.environ["PGOPTIONS"] = "-c default_transaction_read_only=off"
        try:
            self.server.rows("ALTER DATABASE trunkline SET default_transaction_read_only = " + ("on" if on else "off"))
            self.server.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'trunkline' AND pid <> "
                             "pg_backend_pid()")
        finally:
            del os.environ["PGOPTIONS"]

    def test_an_older_and_a_newer_schema_are_refused_in_words(self):
        self.server.stop()
        newest = self.server.value("SELECT max(version) FROM config.schema_version")
        row = self.server.rows(f"DELETE FROM config.schema_version WHERE version = {newest} RETURNING name")[0][0]
        with self.assertRaisesRegex(ServerError, "run `trunkctl migrate`"):
            self.server.start()
        self.server.rows(f"INSERT INTO config.schema_version (version, name) VALUES ({newest}, '{row}'), (9999, 'of_tomorrow')")
        with self.assertRaisesRegex(ServerError, "schema version 9999.*newer build"):
            self.server.start()
        self.server.rows("DELETE FROM config.schema_version WHERE version = 9999")
        self.server.start()
        self.wait_for_health("ok")


class SilentDatabase(UnderFire):
    def test_a_database_that_says_nothing_is_given_up_and_found_again(self):
        self.write(10, 5)
        self.everything_is_answered()
        stopped = self.postgres_processes()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            self.write(10, 20)
            self.everything_is_answered()
            self.assertRegex(" ".join(self.wait_for_health("degraded", 40)["why"]), "has not answered for 15 s|timeout expired")
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        self.wait_for_health("ok")
        self.no_text_is_missing_and_none_is_doubled()

    def postgres_processes(self):
        first = self.server.database_pid()
        with open(f"/proc/{first}/task/{first}/children", encoding="utf-8") as file:
            return [first, *map(int, file.read().split())]


class TakenBeforeTheCrash(UnderFire):
    def test_a_text_whose_2xx_did_not_leave_is_counted_once_over_a_restart(self):
        self.crowd.hold_answers = True  # as if the server died before each 2xx
        self.write(20, 1)
        for flushed in (True, False):  # the row is in PostgreSQL, or only in the spool
            if flushed:
                wait_until("the texts to be safe", lambda: self.taken_rows() == self.written)
            self.server.kill()
            if not flushed:
                self.crowd.hold_answers = False
            self.server.start()
            self.crowd.reach(self.server.sip_udp)
            if flushed:
                self.postgres("stop")  # what comes now stays in the spool
                self.write(20, 1, "later")
                time.sleep(1)
                self.crowd.reach(None)
                self.server.kill()
                self.postgres("start", *QUICK)
                self.server.start()
                self.crowd.reach(self.server.sip_udp)
        self.everything_is_answered()
        self.assertEqual(len(self.crowd.taken), self.written)
        self.no_text_is_missing_and_none_is_doubled()

    def taken_rows(self):
        self.server.flush()
        return int(self.server.value("SELECT count(*) FROM reporting.message WHERE direction = 'in'"))

    def test_customers_are_told_after_a_crash_and_their_next_text_names_the_old_interaction(self):
        self.server.rows("UPDATE config.dn SET options = jsonb_set(options, '{TServer,im-restart-text}', '\"Back again\"') "
                         "WHERE number = '1111'")
        self.crowd.write("carl", "hello")
        wait_until("the welcome", lambda: "Welcome" in " ".join(self.crowd.heard.get("carl", [])))
        self.server.kill()
        self.server.start()
        self.crowd.reach(self.server.sip_udp)
        wait_until("the word after the crash", lambda: "Back again" in self.crowd.heard["carl"])
        self.crowd.write("carl", "hello again")
        self.everything_is_answered()
        self.server.flush()
        old, new = self.server.rows("SELECT id, parent_id, outcome FROM reporting.interaction WHERE customer LIKE '%carl%' "
                                    "ORDER BY started_at")
        self.assertEqual((old[1], old[2], new[1]), ("", "failed", old[0]))
        self.assertEqual(self.server.rows(f"SELECT direction, status FROM reporting.message WHERE interaction_id = '{old[0]}' "
                                          "AND text = 'Back again'"), [("system", "delivered")])

        with self.subTest("told once: a second crash tells whose session it cut off, and nobody else"):
            self.server.kill()
            self.server.start()
            wait_until("the second word", lambda: self.crowd.heard["carl"].count("Back again") == 2)
            self.server.kill()
            self.server.start()
            self.server.flush()
            self.assertEqual(self.server.value("SELECT count(*) FROM reporting.message WHERE text = 'Back again'"), "2")


class Words(UnderFire):
    """Where customers' words are, and where they are not."""
    settings = {"log": {"level": "debug"}, "reporting": {"flush_ms": 20}}
    MARK = "plum-of-the-evening"

    def test_no_log_and_no_file_but_the_spool_holds_what_customers_and_agents_wrote(self):
        ann = RawAgent(self.server.tlib, "1001")
        self.crowd.write("mary", f"{self.MARK} one", f"billing {self.MARK} two")
        ringing = ann.wait("EventRinging")
        ann.on_call("RequestAnswerCall", ringing)
        ann.on_call("RequestPrivateService", ringing, PrivateMsgID=3001, Extensions={"im": f"{self.MARK} of the agent"})
        wait_until("the agent's text", lambda: any(self.MARK in text for text in self.crowd.heard.get("mary", [])))
        self.crowd.write("mary", f"{self.MARK} three")
        self.everything_is_answered()
        self.server.flush()
        self.assertEqual(self.server.value(f"SELECT count(*) FROM reporting.message WHERE text LIKE '%{self.MARK}%'"), "4")
        tables = [row[0] for row in self.server.rows("SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reporting'::regnamespace "
                                                     "AND c.relkind IN ('r', 'p') ORDER BY 1")]
        self.assertEqual([name for name in tables if self.server.value(
            f"SELECT count(*) FROM reporting.{name} t WHERE t::text LIKE '%{self.MARK}%'") != "0"],
            ["message", "userdata"], "one place stores texts; the strategy attaches the first one itself")
        # A row that PostgreSQL refuses, a database that goes away in the middle, a crash: each is told in the log.
        self.server.rows("ALTER TABLE reporting.message ADD CONSTRAINT nothing_more CHECK (text NOT LIKE '%four%') NOT VALID")
        self.crowd.write("mary", f"{self.MARK} four")
        self.everything_is_answered()
        wait_until("the word of it", lambda: "refused a row of message" in self.server.log())
        ann.close()
        self.server.kill()
        logs = self.server.log()
        self.server.start()
        self.assertNotIn(self.MARK, logs + self.server.log())
        holding = [os.path.relpath(os.path.join(folder, name), self.server.folder)
                   for folder, _, names in os.walk(self.server.folder) for name in names
                   if not folder.startswith(self.server.cluster) and self.holds_the_mark(os.path.join(folder, name))]
        self.assertEqual([name for name in holding if not name.startswith("spool/")], [])
        self.assertEqual(os.stat(os.path.join(self.server.folder, "spool")).st_mode & 0o077, 0, "its owner alone reads it")

    def holds_the_mark(self, path):
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return self.MARK.encode() in file.read()


class FullSpool(UnderFire):
    settings = {"reporting": {"spool_max_mib": 2}}

    def test_new_texts_are_refused_with_503_and_taken_again_when_postgresql_is_back(self):
        self.postgres("stop")
        self.write(50, 100, padding=" " + "and so on " * 80)
        wait_until("a refusal", lambda: self.crowd.refused, 60)
        why = " ".join(self.wait_for_health("degraded")["why"])
        self.assertIn("new texts are refused", why)
        self.assertIn("90 % full", why)
        self.postgres("start", *QUICK)
        self.wait_for_health("ok")
        self.everything_is_answered(60)
        self.assertEqual({status for all_ in self.crowd.refused.values() for status in all_}, {503})
        self.no_text_is_missing_and_none_is_doubled()
        self.assertEqual(len(self.crowd.taken), self.written)


if __name__ == "__main__":
    if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]):
        BIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
