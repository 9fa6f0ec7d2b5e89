"""Words that mean something to SQL, to COPY, to a shell, to a terminal or to a log: in every string that strangers send each is
stored as it stands, and does nothing."""

import json
import os
import re
import urllib.parse

from attacked import Attacked
from private_server import wait_until
from raw_client import RawClient
from raw_sip import RawSip

HOSTILE = ["'); DROP TABLE reporting.message; --", '"; DROP SCHEMA config CASCADE; --', "\\'; TRUNCATE reporting.interaction; --",
           "$1 %s {} ${HOME} $(reboot) `reboot` %n%n", "\\N", "\\.", "a\tb\\tc\\\\", "x\ny\r\nz", "\x1b[2J\x07", "' OR '1'='1",
           "{evil,\"array\"}", "../../../etc/passwd", "\u202e\u2028 caf\u00e9 \U0001f600", "NULL", "=1+1", "<script>alert(1)</script>"]


def all_tables(server):
    return server.rows("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('config', 'reporting', 'script') ORDER BY 1, 2")


class Words(Attacked):
    def setUp(self):
        self.tables = all_tables(self.server)

    def tearDown(self):
        super().tearDown()
        self.assertEqual(all_tables(self.server), self.tables)
        health = self.health()
        self.assertEqual(health["status"], "ok", health)
        self.server.flush()

    def stored(self, sql):
        """A column's texts, as they stand in the database."""
        self.server.flush()
        return [json.loads(row[0]) for row in self.server.rows(f"SELECT to_json(t.v)::text FROM ({sql}) AS t(v)")]

    def test_customers_words_are_stored_as_they_stand(self):
        said = []
        with RawSip(self.server.sip_udp) as peer:
            for one, words in enumerate(HOSTILE):
                user = urllib.parse.quote(words, safe="")
                quoted = re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n\x1b\x07]", " ", words))
                subject = re.sub(r"[\r\n\x1b\x07]", " ", words)
                status = peer.ask("MESSAGE", words, sender=f"{one}{user}", display=f'"{quoted}" ', more=f"Subject: {subject}\r\n")
                self.assertEqual(status, 200, words)
                self.assertEqual(peer.next_request("MESSAGE").body.replace("\r\n", "\n"), words.replace("\r\n", "\n"))
                said.append(words)
        self.assertEqual([w for w in said if w not in self.stored("SELECT text FROM reporting.message WHERE direction = 'in'")], [])
        self.assertEqual([w for w in said if w not in self.stored("SELECT text FROM reporting.message WHERE direction = 'system'")], [])
        self.assertEqual([w for w in said if w not in self.stored("SELECT value FROM reporting.userdata")], [])
        keys = self.stored("SELECT key FROM reporting.userdata")
        self.assertEqual([w for w in said if f"said {w}" not in keys], [])
        customers = [urllib.parse.unquote(c) for c in self.stored("SELECT customer FROM reporting.interaction")]
        self.assertEqual([w for n, w in enumerate(said) if not any(f"sip:{n}{w}@customers" in c for c in customers)], [])

    def test_zero_bytes_and_broken_utf8_lose_no_row(self):
        with RawSip(self.server.sip_udp) as peer:
            for one, body in enumerate([b"zero \x00 byte", b"\xff\xfe\xfd", b"\xed\xa0\x80 surrogate", b"\xf8\x88\x80\x80\x80"]):
                status = peer.ask("MESSAGE", body, sender=f"broken{one}")
                self.assertIn(status, (200, 415), body)
                if status == 200:
                    self.assertIsNotNone(peer.next_request("MESSAGE"))
            self.assertIn(peer.ask("MESSAGE", "hello", sender="zero%00user"), (200, 400, 0))
        self.server.flush()
        self.assertNotIn("refused a row", self.server.log())
        rows = self.server.value("SELECT count(*) FROM reporting.interaction WHERE customer LIKE '%broken%'")
        texts = self.server.value("SELECT count(*) FROM reporting.message m JOIN reporting.interaction i ON i.id = m.interaction_id "
                                  "WHERE i.customer LIKE '%broken%' AND m.direction = 'in'")
        self.assertEqual(rows, texts)

    def test_clients_words_are_stored_as_they_stand(self):
        self.server.rows("UPDATE config.dn SET strategy = 'im_support' WHERE number = '1112'")
        wait_until("the change to be in force", lambda: self.server.ctl("status"))
        with RawClient(self.server.tlib) as ann, RawSip(self.server.sip_udp) as peer:
            ann.work_at("1001")
            for words in ("hello", "billing"):
                self.assertEqual(peer.ask("MESSAGE", words, to="1112", sender="nora"), 200)
                self.assertIsNotNone(peer.next_request("MESSAGE"))
            call = {"ThisDN": "1001", "ConnID": ann.wait("EventRinging")["ConnID"]}
            self.assertEqual(ann.code("RequestAnswerCall", **call), 0)
            for words in HOSTILE:
                self.assertEqual(ann.code("RequestAttachUserData", **call, UserData={words: words, "nested": {words: words}}), 0, words)
                self.assertEqual(ann.code("RequestPrivateService", **call, PrivateMsgID=3001, Extensions={"im": words}), 0, words)
                self.assertEqual(ann.code("RequestAgentNotReady", ThisDN="1001", Reasons={words: words}), 0, words)
                self.assertEqual(ann.code("RequestAgentReady", ThisDN="1001"), 0)
                self.assertEqual(ann.code("RequestRegisterAddress", ThisDN=words), 59, words)
                self.assertNotEqual(ann.code("RequestRouteCall", **call, OtherDN=words), 0, words)
                self.assertNotEqual(ann.code("RequestRedirectCall", **call, OtherDN=words), 0, words)
                with RawClient(self.server.tlib, words) as stranger:
                    self.assertEqual(stranger.opened["ErrorCode"], 53, words)
                with RawClient(self.server.tlib, Switch=words) as stranger:
                    self.assertEqual(stranger.opened["ErrorCode"], 53, words)
                with RawClient(self.server.tlib) as bob:
                    bob.ask("RequestRegisterAddress", ThisDN="1002")
                    self.assertEqual(bob.code("RequestAgentLogin", ThisDN="1002", AgentID=words, Password=words), 192, words)
            for zero in ("zero \0 byte",):
                self.assertIn(ann.code("RequestAttachUserData", **call, UserData={zero: zero}), (0, 53))
                self.assertIn(ann.code("RequestPrivateService", **call, PrivateMsgID=3001, Extensions={"im": zero}), (0, 53))
            values, keys = (self.stored(f"SELECT {c} FROM reporting.userdata WHERE {c} IS NOT NULL") for c in ("value", "key"))
            self.assertEqual([w for w in HOSTILE if w not in values], [])
            self.assertEqual([w for w in HOSTILE if w not in keys], [])
            texts = self.stored("SELECT text FROM reporting.message WHERE direction = 'out'")
            self.assertEqual([w for w in HOSTILE if not any(w in text for text in texts)], [])
            reasons = self.stored("SELECT reasons::text FROM reporting.agent_state WHERE reasons IS NOT NULL")
            self.assertEqual([w for w in HOSTILE if not any(json.loads(r) == {w: w} for r in reasons)], [])
        self.assertNotIn("refused a row", self.server.log())

    def test_addresses_and_arguments_are_values(self):
        for words in HOSTILE:
            status, body = self.get("/api/v1/trace/" + urllib.parse.quote(words, safe=""))
            self.assertIn(status, (404, 400), body)
            status, body = self.get("/api/v1/agents?" + urllib.parse.urlencode({words: words, "object": words}))
            self.assertEqual(status, 200, body)
            for arguments in (("trace", words), ("explain", words), ("sql", words), ("sql", "interactions_today", words)):
                code, _, errors = self.server.try_ctl(*arguments)
                self.assertIn(code, (0, 1, 2), arguments)
                self.assertNotIn("syntax error", errors)
                if code != 0:
                    self.assertEqual(errors.count("\n"), 1, errors)

    def test_a_site_file_says_what_it_says(self):
        site = {"tenants": [{"name": "Hostile", "persons": [], "lists": {}}]}
        tenant = site["tenants"][0]
        printable = [words for words in HOSTILE if all(ord(c) >= 32 and c != "\u2028" for c in words)]  # those are refused in words
        for one, words in enumerate(printable):
            tenant["persons"].append({"user_name": f"u{one}", "first_name": words, "last_name": words, "employee_id": words,
                                      "options": {words: {words: words}}})
            tenant["lists"][words] = {words: words}
        path = os.path.join(self.server.folder, "hostile.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(site, file, ensure_ascii=False)
        code, output, errors = self.server.try_ctl("import", path)
        self.assertEqual(code, 0, output + errors)
        self.assertEqual(self.server.rows("SELECT count(*) FROM config.person WHERE tenant = 'Hostile'"), [(str(len(printable)),)])
        for column in ("first_name", "last_name", "employee_id", "options::text"):
            stored = self.stored(f"SELECT {column} FROM config.person WHERE tenant = 'Hostile'")
            for words in printable:
                self.assertIn(words, [v if column != "options::text" else next(iter(json.loads(v))) for v in stored])
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.server.ctl("export"))
        self.assertEqual(json.loads(self.server.ctl("diff", path, "--json")), [], "what was exported is what is there")
        for field in ("strategy", "number", "type"):
            for words in HOSTILE:
                dn = {"number": "9999", "type": "RoutingPoint", "strategy": "echo", field: words}
                with open(path, "w", encoding="utf-8") as file:
                    json.dump({"switches": [{"name": "hostile", "tenant": "Hostile", "dns": [dn]}]}, file)
                self.assertIn(self.server.try_ctl("diff", path)[0], (0, 1))

    def test_no_words_begin_a_line_of_the_log(self):
        forged = "2026-01-01 00:00:00.000 info the token is 12345"
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", f"hello\n{forged}\r{forged}\x1b[31m", sender="forger%0a" + forged.replace(" ", "%20")), 200)
            self.assertIsNotNone(peer.next_request("MESSAGE"))
        with RawClient(self.server.tlib, f"desktop\n{forged}") as client:
            self.assertEqual(client.opened["ErrorCode"], 53)
        wait_until("the script's line", lambda: "the customer says hello" in self.server.log())
        self.assertNotIn("\x1b", self.server.log())
        self.assertNotIn("\r", self.server.log())
        self.assertEqual([line for line in self.server.log().splitlines() if line.startswith("2026-01-01")], [])
