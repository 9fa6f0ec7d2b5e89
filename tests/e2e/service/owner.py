"""The user that it runs as."""

import json
import os
import pwd
import subprocess
import unittest

from private_server import PrivateServer
from served import BIN, SITE


@unittest.skipUnless(os.getuid() == 0, "only root can become another")
class Owner(unittest.TestCase):
    def test_is_the_user_that_root_named_and_root_is_warned_of(self):
        with PrivateServer(BIN, SITE) as server:
            server.start()
            self.assertIn("running as root", server.log())
            server.stop()
            owner = pwd.getpwnam("postgres")  # whom the private cluster lets in
            for path in (server.folder, server.config):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            for path in os.listdir(server.folder):
                if path in ("spool", "token"):
                    subprocess.run(["chown", "-R", "postgres:", os.path.join(server.folder, path)], check=True)
            server.start("--user", "postgres")
            with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            self.assertEqual(status["Uid"].split(), [str(owner.pw_uid)] * 4)
            self.assertEqual(status["Gid"].split(), [str(owner.pw_gid)] * 4)
            self.assertNotIn("0", status["Groups"].split())
            self.assertEqual(int(status["CapEff"], 16), 0)
            self.assertEqual(int(status["CapPrm"], 16), 0)
            self.assertNotIn("running as root", server.log())
            self.assertEqual(json.loads(server.ctl("status", "--json"))[0]["status"], "ok")

    def test_must_exist(self):
        done = subprocess.run([os.path.join(BIN, "trunklined"), "--user", "nobody-of-that-name"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no user nobody-of-that-name", done.stderr)
