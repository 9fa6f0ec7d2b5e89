"""Secrets with a mark in them, planted wherever the server keeps one; then everything is done that succeeds or fails with them. No
answer, no log, no export, no record, no other file and no core dump may hold a mark."""

import json
import os
import re
import signal
import subprocess

from attacked import Attacked
from private_server import CLUSTER, wait_until
from raw_client import RawClient
from raw_sip import RawSip

MARK = "plum-stone"


def mark(of):
    return f"{MARK}-{of}"


def planted(text):
    """`<name>` becomes the secret of that name."""
    return re.sub(r"<([\w-]+)>", lambda found: mark(found.group(1)), text)


SITE = planted("""
tenants:
  - name: Resources
    persons: [{user_name: ann, password: "<person>"}]
switches:
  - name: sip_switch
    tenant: Resources
    dns: [{number: "1001", type: Extension, options: {TServer: {multimedia: true, sip-signaling-chat: false, password: "<dn>"}}}]
applications: [{name: guarded, type: AgentDesktop, password: "<application>"}]
""")
BROKEN_SITES = [planted(text) for text in (
    'tenants: [{name: Resources, persons: [{user_name: x, password: ["<list>"]}]}]',
    'tenants: [{name: Resources, persons: [{user_name: x, passwort: "<misspelt>"}]}]',
    'tenants: [{name: Resources, persons: [{user_name: x, password: {a: "<table>"}}]}]',
    'tenants: [{name: Resources, persons: [{user_name: x, password: "<table>\\x01"}]}]',
    'applications: [{name: guarded, type: Nothing, password: "<application>"}]',
    'applications: [{name: guarded, type: AgentDesktop, password: "<unclosed>}]',
    'applications: [{name: guarded, type: AgentDesktop, password: !x "<tagged>" "<twice>"}]',
    'switches: [{name: sip_switch, tenant: Resources, dns: [{number: "1001", type: Extension, options: {TServer: {password: ["<dn>"]}}}]}]',
    'switches: [{name: sip_switch, tenant: Nobody, dns: [{number: "1001", type: Nothing, options: {TServer: {password: "<dn>"}}}]}]',
    'password: "<top>"', '<nothing-but-it>')]
BROKEN_SETTINGS = [json.loads(planted(text)) for text in (
    '{"database": {"dsn": ["<dsn>"]}}', '{"database": {"dsn": "host=nowhere.invalid password=<dsn>"}}',
    '{"database": {"dsn": "postgresql://u:<dsn>@127.0.0.1:1/x"}}', '{"database": {"dsn": "what = ever <dsn> ="}}',
    '{"database": {"dsn": {"password": "<dsn>"}}}', '{"scripts": {"databases": {"crm": ["<crm>"]}}}', '{"database": "<dsn>"}')]

# All that a script may ask for, told to everybody who may hear it. Its own text is recorded, so the marks are put together later.
CURIOUS = """local mark = "plum-" .. "stone-"
return function(ix)
  local word = ix:collect_digits{total_timeout = 600}
  while word do
    local heard = {}
    local function tell(...) for _, v in ipairs(table.pack(...)) do heard[#heard + 1] = tostring(v) end end
    for _, object in ipairs{"dn:1001", "agent:ann", "switch:sip_switch", "application:guarded"} do
      tell(config.option(object, "TServer", "password")) tell(config.option(object, "password", "password"))
    end
    tell(select(2, db.query("SELECT * FROM config.secret")))
    tell(select(2, db.query("SELECT current_setting('data_directory'), pg_read_file('/etc/passwd')")))
    tell(select(2, db.query("SELECT 1 FROM nothing WHERE x = $1", {word}, {db = "crm"})))
    tell(select(2, http.get("http://user:" .. mark .. "url@127.0.0.1:1/" .. mark .. "path", {headers = {Authorization = mark .. "header"}})))
    tell(pcall(http.get, "http://127.0.0.1:1/", {headers = {Authorization = mark .. "header\\n"}}))
    ix:attach{asked = table.concat(heard, "|"):sub(1, 4000)}
    log.info(table.concat(heard, "|"))
    ix:play_announcement{text = word}
    word = ix:collect_digits{total_timeout = 600}
  end
end
"""


class Secrets(Attacked):
    maxDiff = None
    strategies = {"curious": CURIOUS}
    numbers = {"1111": "echo", "1112": "curious"}
    limits = ("--core=unlimited",)
    settings = {"log": {"level": "debug", "messages": True}, "auth": {"required": True},
                "scripts": {"http_allow": ["127.0.0.1:1"], "databases": {"crm": f"host=127.0.0.1 port=1 dbname=crm password={mark('crm')}"}}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.stop()
        with open(cls.server.config, encoding="utf-8") as file:
            settings = json.load(file)
        settings["database"]["dsn"] += f" password={mark('dsn')}"
        settings["replay"] = {"dir": os.path.join(cls.server.folder, "replay")}
        cls.write_settings(settings)
        cls.settings_now = settings
        with open(os.path.join(cls.server.folder, "token"), "w", encoding="utf-8") as file:
            file.write(mark("token-of-the-admin"))
        cls.site = os.path.join(cls.server.folder, "planted.yaml")
        with open(cls.site, "w", encoding="utf-8") as file:
            file.write(SITE)
        cls.heard = [cls.server.ctl("import", cls.site)]
        cls.server.start()

    @classmethod
    def write_settings(cls, settings):
        with open(cls.server.config, "w", encoding="utf-8") as file:
            json.dump(settings, file)

    def tearDown(self):
        pass  # each test ends with its own proof

    def hear(self, *answers):
        self.heard.extend(str(answer) for answer in answers)

    def ctl(self, *arguments):
        self.hear(*self.server.try_ctl(*arguments))

    def test_none_leaves_the_place_where_it_is_kept(self):
        self.clients_come_and_go()
        self.scripts_ask()
        self.administrators_ask_and_err()
        self.everything_breaks()
        self.the_server_crashes()
        self.assertEqual([words for words in self.heard if MARK in words], [], "in answers")
        self.assertEqual(self.files_with_marks(), [], "in files")
        self.assertEqual(self.tables_with_marks(), [], "in tables")
        self.assertEqual(self.files_that_others_may_read(), [])

    def clients_come_and_go(self):
        for password in (mark("application"), mark("wrong"), None):
            with RawClient(self.server.tlib, "guarded", **({"Password": password} if password else {})) as client:
                self.hear(client.opened)
                opened = client.opened["message"] == "EventLinkConnected"
                self.assertEqual(opened, password == mark("application"))
                if not opened:
                    continue
                self.hear(client.ask("RequestRegisterAddress", ThisDN="1001"))
                for other in (mark("wrong"), None, mark("person")):
                    more = {"Password": other} if other else {}
                    answer = client.ask("RequestAgentLogin", ThisDN="1001", AgentID="1001", **more)
                    self.hear(answer)
                self.assertEqual(answer["message"], "EventAgentLogin")
                self.hear(client.ask("RequestAgentLogin", ThisDN="1001", AgentID="1001", Password=[mark("list")]))
                self.hear(client.ask("RequestQueryAddress", ThisDN="1001"), client.ask("RequestQueryServer"))

    def scripts_ask(self):
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", "tell", to="1112"), 200)
            self.hear(peer.next_request("MESSAGE", 20).body)
        self.hear(*self.server.rows("SELECT value FROM reporting.userdata"))

    def administrators_ask_and_err(self):
        token = self.token()
        for path in ("status", "agents", "queues", "interactions", "export", "openapi.json", "trace/x"):
            for given in (token, mark("wrong-token"), None):
                status, body = self.get("/api/v1/" + path, token=given)
                self.assertEqual(status == 401, given != token, path)
                self.hear(body)
        self.hear(*self.get("/metrics"), *self.get("/healthz"), *self.get(f"/api/v1/nothing?token={mark('query')}"))
        for verb in (("export",), ("status",), ("agents", "--json"), ("diff", self.site), ("import", self.site), ("sql",  "--list"),
                     ("export", "--json"), ("reload",), ("check",), ("replay", os.path.join(self.server.folder, "replay")),
                     ("status", "--url", f"http://{self.server.http}", "--token", mark("wrong-token")), ("migrate",), ("flush",)):
            self.ctl(*verb)
        broken = os.path.join(self.server.folder, "broken.yaml")
        for words in BROKEN_SITES:
            self.hear(*self.get("/api/v1/import", words.encode(), token))
            with open(broken, "w", encoding="utf-8") as file:
                file.write(words)
            self.ctl("import", broken)
            self.ctl("diff", broken)
        os.remove(broken)
        for sql in (f"UPDATE config.person SET password = '{mark('by-sql')}' WHERE user_name = 'bob'",
                    f"UPDATE config.dn SET options = jsonb_set(options, '{{TServer,password}}', '\"{mark('by-sql')}\"') WHERE number = '1002'"):
            try:
                self.server.rows(sql)
            except Exception as refused:
                self.hear(str(refused).replace(sql, "").split("LINE 1")[0])
        for settings in BROKEN_SETTINGS:
            changed = json.loads(json.dumps(self.settings_now))
            for section, values in settings.items():
                changed[section] = {**changed.get(section, {}), **values} if isinstance(values, dict) else values
            self.write_settings(changed)
            self.ctl("export")
            self.ctl("sql", "interactions_today")
            done = subprocess.run([os.path.join(self.server.bin, "trunklined"), "--config", self.server.config], capture_output=True,
                                  text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.hear(done.stdout, done.stderr)
        self.write_settings(self.settings_now)

    def everything_breaks(self):
        subprocess.run([CLUSTER, "stop", self.server.cluster], check=True, capture_output=True)
        wait_until("the server to notice", lambda: self.health()["status"] == "degraded", 30)
        self.hear(self.health())
        with RawClient(self.server.tlib, "guarded", Password=mark("application")) as client:
            self.hear(client.opened)
        self.hear(*self.get("/api/v1/export", token=self.token()), *self.get("/api/v1/trace/x", token=self.token()))
        self.ctl("export")
        self.scripts_ask_without_a_database()
        subprocess.run([CLUSTER, "start", self.server.cluster], check=True, capture_output=True)
        wait_until("the server to be whole", lambda: self.health()["status"] == "ok", 30)

    def scripts_ask_without_a_database(self):
        with RawSip(self.server.sip_udp) as peer:
            self.assertEqual(peer.ask("MESSAGE", "tell again", to="1112", sender="later"), 200)
            self.hear(peer.next_request("MESSAGE", 30).body)

    def the_server_crashes(self):
        self.server.flush()
        self.server.process.send_signal(signal.SIGABRT)
        pid, status = os.waitpid(self.server.process.pid, 0)
        self.server.process.returncode = -signal.SIGABRT
        self.assertFalse(os.WCOREDUMP(status), "a core dump holds every secret")

    KEPT = ("trunkline.yaml", "planted.yaml", "token")  # the administrator's own; the server's config.secret holds hashes

    def files_with_marks(self):
        found = []
        for folder, _, names in os.walk(self.server.folder):
            if folder.startswith(self.server.cluster):
                continue
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and os.path.relpath(path, self.server.folder) not in self.KEPT:
                    with open(path, "rb") as file:
                        found += [(path, line[max(0, line.find(MARK.encode()) - 100):][:200]) for line in file.read().split(b"\n") if MARK.encode() in line]
        return found

    def tables_with_marks(self):
        found = []
        for schema, table in self.server.rows("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('config', 'reporting')"):
            if self.server.value(f"SELECT count(*) FROM {schema}.{table} t WHERE t::text LIKE '%{MARK}%'") != "0":
                found.append(f"{schema}.{table}")
        return found

    def files_that_others_may_read(self):
        own = (self.server.cluster, *(os.path.join(self.server.folder, name) for name in ("trunkline.yaml", "planted.yaml", "token")))
        found = []
        for folder, _, names in os.walk(self.server.folder):
            for name in names:
                path = os.path.join(folder, name)
                if not path.startswith(own) and not path.endswith("server.log") and os.stat(path).st_mode & 0o077:
                    found.append((path, oct(os.stat(path).st_mode)))
        return found


class Scripts(Attacked):
    """Names that lead out of the scripts' folders."""

    def test_names_lead_nowhere_else(self):
        secret = os.path.join(self.scripts, "..", os.path.basename(self.scripts) + ".lua")
        self.addCleanup(os.remove, secret)
        with open(secret, "w", encoding="utf-8") as file:
            file.write('return function(ix) ix:play_announcement{text = "out of the folder"} end')
        beside = os.path.basename(self.scripts)
        for name in (f"../{beside}", f"strategies/../../{beside}", os.path.abspath(secret)[:-4], "../../../../etc/passwd", "echo\0", "echo.lua",
                     "./echo", "ECHO", "-e", "", "lib/../echo", "echo;", "%65cho"):
            written = name.replace("'", "''").replace("\0", "")
            try:
                self.server.rows(f"UPDATE config.dn SET strategy = '{written}' WHERE number = '1113'")
            except Exception as refused:
                self.assertIn("ERROR", str(refused))
                continue
            if written == "echo":
                continue
            wait_until("the change", lambda: self.health().get("why") or written == "")
            with RawSip(self.server.sip_udp) as peer:
                peer.ask("MESSAGE", "hello", to="1113")
                said = peer.next_request("MESSAGE", 1)
                self.assertTrue(said is None or said.body not in ("hello", "out of the folder"), name)
        self.server.rows("UPDATE config.dn SET strategy = 'echo' WHERE number = '1113'")
        wait_until("all to be well again", lambda: self.health()["status"] == "ok")

    def test_require_and_treatments_load_no_path(self):
        for call in ("require '../etc/passwd'", "require '/etc/passwd'", "require 'lib/../../x'", "require 'os'", "require 'io'",
                     "require '..'", "dofile '/etc/passwd'", "loadfile '/etc/passwd'", "io.open '/etc/passwd'",
                     "package.loadlib('/lib/x86_64-linux-gnu/libc.so.6', 'system')", "os.execute 'id'", "debug.getregistry()"):
            self.write_strategy("attack", f"local x = {call}\nreturn function(ix) end\n")
            code, output, errors = self.server.try_ctl("reload")
            self.assertEqual(code, 1, (call, output))
            self.assertIn("attack.lua:1", output + errors)
            self.assertNotIn("root:", output + errors)
        os.remove(os.path.join(self.scripts, "attack.lua"))
        self.assertEqual(self.server.try_ctl("reload")[0], 0)

    def test_links_out_of_the_folder_are_refused_and_show_nothing(self):
        link = os.path.join(self.scripts, "linked.lua")
        for target in ("/etc/passwd", self.server.config, os.path.join(self.server.folder, "token"), "../../../../../../etc/passwd"):
            os.symlink(target, link)
            code, output, errors = self.server.try_ctl("reload")
            self.assertEqual(code, 1, target)
            self.assertIn("leads out of its folder", output + errors)
            for secret in ("root:", self.token(), "dbname"):
                self.assertNotIn(secret, output + errors + self.server.log()[-3000:])
            os.remove(link)
        os.symlink("echo.lua", link)
        self.assertEqual(self.server.try_ctl("reload")[0], 0, "a link within the folder is a file of it")
        os.remove(link)
        self.assertEqual(self.server.try_ctl("reload")[0], 0)
