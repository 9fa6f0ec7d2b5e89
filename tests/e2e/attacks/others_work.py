"""What belongs to somebody else: a session whose Call-ID, or even whose tags, are known; the DNs, agents and sessions of others in
T-Library, in the own tenant and in another."""

import os

from attacked import Attacked
from private_server import wait_until
from raw_client import RawClient
from raw_sip import SDP, RawDialog, RawSip

OTHER_TENANT = """
tenants:
  - name: Others
    capacity_rules: [{name: two_chats, script: two_chats_or_one_call}]
    persons: [{user_name: zoe, is_agent: true, agent_logins: ["2001"], capacity_rule: two_chats}]
    agent_groups: [{name: All_Agents, agents: [zoe]}]
    places: [{name: P2001, dns: ["2001"]}]
switches:
  - name: other_switch
    tenant: Others
    options: {TServer: {sip-domain: others.example}}
    agent_logins: [{code: "2001"}]
    dns:
      - {number: "2111", type: RoutingPoint, strategy: im_support, options: {TServer: {default-dn: "2001"}}}
      - {number: "2001", type: Extension, options: {TServer: {multimedia: true, sip-signaling-chat: false, voice: true}}}
applications:
  - {name: others_desktop, type: AgentDesktop, tenant: Others}
  - {name: ours, type: AgentDesktop, tenant: Resources}
"""
STOLEN = (("BYE", ""), ("MESSAGE", "from the thief"), ("INVITE", SDP), ("UPDATE", ""), ("INFO", ""), ("OPTIONS", ""), ("CANCEL", ""),
          ("NOTIFY", ""), ("REFER", ""))


class StolenSessions(Attacked):
    def session(self, transport):
        peer = RawSip(self.server.sip_tcp if transport == "tcp" else self.server.sip_udp, transport)
        self.addCleanup(peer.close)
        dialog = RawDialog(peer)
        self.assertEqual(peer.ask(**dialog.text("MESSAGE", "hello")), 200)
        self.assertEqual(peer.next_request("MESSAGE").body, "hello")
        return peer, dialog

    def goes_on(self, peer, dialog, word):
        self.assertEqual(peer.ask(**dialog.text("MESSAGE", word)), 200)
        self.assertEqual(peer.next_request("MESSAGE").body, word, "the answer still goes to whom it belongs")

    def test_who_knows_the_call_id_alone_has_nothing(self):
        for transport in ("udp", "tcp"):
            peer, dialog = self.session(transport)
            right = dialog.fields
            for wrong in ({"to_tag": "guess"}, {"from_tag": "guess"}, {"to_tag": right["from_tag"], "from_tag": right["to_tag"]},
                          {"to_tag": "guess", "from_tag": "guess"}):
                for host in ("127.0.0.1", "127.0.0.2"):
                    with RawSip(self.server.sip_udp, host=host) as thief:
                        for method, body in STOLEN:
                            status = thief.ask(**dialog.text(method, body, **wrong))
                            self.assertIn(status, (403, 405, 481, 489), (method, wrong))
            self.goes_on(peer, dialog, "still here")
            self.assertEqual(peer.ask(**dialog.text("BYE")), 200)

    def test_who_knows_the_tags_too_but_writes_from_elsewhere_has_nothing(self):
        for transport in ("udp", "tcp"):
            peer, dialog = self.session(transport)
            for through in ("udp", "tcp"):
                address = self.server.sip_tcp if through == "tcp" else self.server.sip_udp
                with RawSip(address, through, host="127.0.0.2") as thief:
                    for method, body in STOLEN:
                        status = thief.ask(**dialog.text(method, body))
                        self.assertIn(status, (403, 405, 481), method)
                        self.assertEqual(thief.heard and thief.receive(0.05), None, "nothing more comes to him")
            self.goes_on(peer, dialog, "still here")
            self.assertEqual(peer.ask(**dialog.text("BYE")), 200)
        self.server.flush()
        self.assertEqual(self.server.value("SELECT count(*) FROM reporting.message WHERE text LIKE '%thief%'"), "0")

    def test_answers_that_nobody_asked_for_are_nothing(self):
        peer, dialog = self.session("udp")
        with RawSip(self.server.sip_udp, host="127.0.0.2") as thief:
            for status in (200, 302, 401, 481, 487, 603):
                for method in ("MESSAGE", "BYE", "INVITE"):
                    fields = dialog.fields
                    thief.send((f"SIP/2.0 {status} Forged\r\nVia: SIP/2.0/UDP {self.server.sip_udp};branch=z9hG4bKguess\r\n"
                                f"From: <sip:1111@trunkline>;tag={fields['to_tag']}\r\nTo: <sip:mary@customers.example>;tag=m1\r\n"
                                f"Call-ID: {fields['call_id']}\r\nCSeq: 1 {method}\r\nContact: <sip:thief@127.0.0.2>\r\n"
                                "Content-Length: 0\r\n\r\n").encode())
        self.goes_on(peer, dialog, "still here")


class OthersWork(Attacked):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = os.path.join(cls.server.folder, "others.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(OTHER_TENANT)
        cls.server.ctl("import", path)
        cls.server.rows("UPDATE config.dn SET strategy = 'im_support' WHERE number = '1112'")

    def client(self, application="ours", **opening):
        client = RawClient(self.server.tlib, application, **opening)
        self.addCleanup(client.close)
        return client

    def ringing_session(self):
        """A session that rings at ann's DN: (ann, what a request about it says)."""
        ann = self.client().work_at("1001")
        self.addCleanup(ann.code, "RequestAgentLogout", ThisDN="1001")
        peer = RawSip(self.server.sip_udp)
        self.addCleanup(peer.close)
        for words in ("hello", "billing"):
            self.assertEqual(peer.ask("MESSAGE", words, to="1112", sender="olga"), 200)
            self.assertIsNotNone(peer.next_request("MESSAGE"))
        ringing = ann.wait("EventRinging")
        return ann, {"ThisDN": "1001", "ConnID": ringing["ConnID"]}

    ON_A_CALL = (("RequestAnswerCall", {}), ("RequestReleaseCall", {}), ("RequestRedirectCall", {"OtherDN": "1002"}),
                 ("RequestPrivateService", {"PrivateMsgID": 3001, "Extensions": {"im": "from the thief"}}),
                 ("RequestAttachUserData", {"UserData": {"stolen": "1"}}), ("RequestUpdateUserData", {"UserData": {"stolen": "1"}}),
                 ("RequestDeletePair", {"DeleteKey": "topic"}), ("RequestDeleteUserData", {}),
                 ("RequestRouteCall", {"RouteType": 0, "OtherDN": "1002"}),
                 ("RequestApplyTreatment", {"TreatmentType": 6, "TreatmentParms": {"MSGTXT": "from the thief"}}))
    AT_A_DN = (("RequestQueryAddress", {}), ("RequestAgentLogin", {"AgentID": "1001"}), ("RequestAgentLogout", {}),
               ("RequestAgentReady", {}), ("RequestAgentNotReady", {}), ("RequestSetDNDOn", {}), ("RequestSetDNDOff", {}),
               ("RequestReserveAgent", {"AgentID": "1001", "Timeout": 1000}), ("RequestDistributeUserEvent", {"UserEvent": 1}))

    def test_dns_that_this_client_did_not_register(self):
        ann, call = self.ringing_session()
        thief = self.client()
        for request, more in self.ON_A_CALL:
            self.assertEqual(thief.code(request, **call, **more), 41, request)
        for request, more in self.AT_A_DN:
            self.assertEqual(thief.code(request, ThisDN="1001", **more), 41, request)
        self.assertEqual(ann.code("RequestAnswerCall", **call), 0, "she has lost nothing")
        for request, more in self.ON_A_CALL:
            self.assertEqual(thief.code(request, **call, **more), 41, request)
        self.assertEqual(ann.code("RequestReleaseCall", **call), 0)

    def test_sessions_of_another_dn(self):
        ann, call = self.ringing_session()
        bob = self.client()
        bob.ask("RequestRegisterAddress", ThisDN="1002")
        for request, more in self.ON_A_CALL:
            self.assertNotEqual(bob.code(request, **{**call, "ThisDN": "1002"}, **more), 0, request)
        bob.ask("RequestRegisterAddress", ThisDN="1112")
        for request, more in self.ON_A_CALL[:2]:
            self.assertNotEqual(bob.code(request, **{**call, "ThisDN": "1112"}, **more), 0, request)
        self.assertEqual(ann.code("RequestAnswerCall", **call), 0)
        self.assertEqual(ann.code("RequestReleaseCall", **call), 0)

    def test_another_tenants_dns_agents_sessions_and_texts(self):
        ann, call = self.ringing_session()
        for thief in (self.client("others_desktop"), self.client("desktop", Switch="other_switch")):
            for number in ("1001", "1001@sip_switch", "sip_switch@1001", "1112@sip_switch"):
                self.assertEqual(thief.code("RequestRegisterAddress", ThisDN=number), 59, number)
                self.assertNotEqual(thief.code("RequestQueryAddress", ThisDN=number), 0)
            thief.ask("RequestRegisterAddress", ThisDN="2001")
            for code in ("1001", "1001@sip_switch", "ann"):
                self.assertEqual(thief.code("RequestAgentLogin", ThisDN="2001", AgentID=code), 192, code)
            for request, more in self.ON_A_CALL:
                self.assertNotEqual(thief.code(request, **call, **more), 0, request)
                self.assertNotEqual(thief.code(request, **{**call, "ThisDN": "2001"}, **more), 0, request)
            self.assertNotEqual(thief.code("RequestQueryCall", ConnID=call["ConnID"]), 0)
            for more in ({"OtherDN": "1001"}, {"OtherDN": "1001@sip_switch"}):
                self.assertNotIn("EventACK", thief.ask("RequestDistributeUserEvent", ThisDN="2001", UserEvent=1, **more)["message"])
            thief.ask("RequestRegisterAddress", ThisDN="gcti::im")
        self.assertEqual(ann.code("RequestAnswerCall", **call), 0)
        self.assertEqual(ann.code("RequestPrivateService", **call, PrivateMsgID=3001, Extensions={"im": "for mary alone"}), 0)
        ping = thief.send("RequestQueryServer")
        while (event := thief.next()).get("ReferenceID") != ping:
            self.assertNotIn("for mary alone", str(event))
        self.assertEqual(ann.code("RequestReleaseCall", **call), 0)
        for application in ("ours", "others_desktop"):
            wrong = "other_switch" if application == "ours" else "sip_switch"
            self.assertEqual(self.client(application, Switch=wrong).opened.get("ErrorCode"), 53)

    def test_guessed_connids(self):
        ann, call = self.ringing_session()
        own = int(call["ConnID"], 16)
        bob = self.client()
        bob.ask("RequestRegisterAddress", ThisDN="1002")
        for guess in (*(f"{own + n:016x}" for n in (-2, -1, 1, 2)), "0", "ffffffffffffffff", "", "zzz", "-1", f"{own:x}" + "0" * 20):
            for request, more in self.ON_A_CALL:
                self.assertNotEqual(bob.code(request, **more, ThisDN="1002", ConnID=guess), 0, (request, guess))
        self.assertEqual(ann.code("RequestAnswerCall", **call), 0)
        self.assertEqual(ann.code("RequestReleaseCall", **call), 0)

    def test_an_agent_whom_another_client_has_reserved(self):
        ann = self.client().work_at("1001")
        self.addCleanup(ann.code, "RequestAgentLogout", ThisDN="1001")
        router, thief = self.client(), self.client()
        for one in (router, thief):
            one.ask("RequestRegisterAddress", ThisDN="1001")
        reserve = {"ThisDN": "1001", "AgentID": "1001", "Timeout": 60000}
        self.assertEqual(router.code("RequestReserveAgent", **reserve), 0)
        self.assertEqual(thief.code("RequestReserveAgent", **reserve), 1700)
        self.assertEqual(thief.code("RequestReserveAgent", **{**reserve, "Timeout": 0}), 1700, "nor given back by another")
        self.assertEqual(router.code("RequestReserveAgent", **{**reserve, "Timeout": 0}), 0)
        wait_until("the server to say that all is well", lambda: self.health()["status"] == "ok")
