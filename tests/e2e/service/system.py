"""What the system's tools do with the server: cmake --install, systemd, logrotate."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from private_server import ROOT, PrivateServer, wait_until
from served import BIN, SITE, UNIT


class Installed(unittest.TestCase):
    def test_are_programs_scripts_unit_and_documents(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(["cmake", "--install", os.path.dirname(BIN), "--prefix", folder], check=True, capture_output=True)
        for path in ("bin/trunklined", "lib/systemd/system/trunklined.service", "share/doc/trunkline/operation.md",
                     "share/doc/trunkline/service/trunkline.yaml", "share/doc/trunkline/service/trunkline.logrotate",
                     "share/trunkline/scripts/capacity", "share/trunkline/strategies"):
            self.assertTrue(os.path.exists(os.path.join(folder, path)), path)
        self.assertFalse(os.path.exists(os.path.join(folder, "share/trunkline/strategies/spec")), "tests are not installed")
        config = os.path.join(folder, "trunkline.yaml")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"scripts": {"paths": [os.path.join(folder, "share/trunkline/scripts")],
                                   "strategies": [os.path.join(folder, "share/trunkline/strategies")]}}, file)
        said = subprocess.run([os.path.join(folder, "bin", "trunkctl"), "check", "--config", config],
                              capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)


class Unit(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_is_one_that_systemd_understands(self):
        folder = tempfile.mkdtemp()
        copy = os.path.join(folder, "trunklined.service")
        with open(UNIT, encoding="utf-8") as unit, open(copy, "w", encoding="utf-8") as out:
            out.write(unit.read().replace("/usr/local/bin/trunklined", os.path.join(BIN, "trunklined")))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
        shutil.rmtree(folder)
        self.assertEqual(done.stderr.strip(), "")
        self.assertEqual(done.returncode, 0)


class Rotation(unittest.TestCase):
    """tools/service/trunkline.logrotate, on the log of a server that runs; of its user, whom only root could become, nothing."""

    def test_leaves_the_old_lines_beside_and_the_server_writing(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        with PrivateServer(BIN, SITE) as server:
            server.start()
            with open(os.path.join(ROOT, "tools", "service", "trunkline.logrotate"), encoding="utf-8") as file:
                rules = file.read().replace("/var/log/trunkline/*.log", server.log_path)
            rules_path = os.path.join(folder, "rules")
            with open(rules_path, "w", encoding="utf-8") as file:
                file.write("".join(line for line in rules.splitlines(True) if not line.strip().startswith("su ")))
            os.chmod(rules_path, 0o644)
            os.chmod(server.folder, 0o755)
            before = server.log()
            logrotate = shutil.which("logrotate") or "/usr/sbin/logrotate"
            subprocess.run([logrotate, "--force", "--state", os.path.join(folder, "state"), rules_path], check=True,
                           capture_output=True)
            with open(server.log_path + ".1", encoding="utf-8") as file:
                self.assertEqual(file.read(), before)
            server.ctl("reload")
            wait_until("the server to write on", lambda: "generation" in server.log())
            self.assertNotIn("is ready", server.log())
            self.assertNotIn("\0", server.log(), "written where the old file ended")
