"""A server of one's own for tests and benches that run the real programs: a private PostgreSQL cluster in a temporary
folder, migrated, a site imported, trunklined on free loopback ports. Everything ends and is deleted with the process that
made it, however that ends: a guard waits for the end of a pipe. What fails raises ServerError with the program's words."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CLUSTER = os.path.join(ROOT, "db", "cluster")


class ServerError(Exception):
    pass


def wait_until(what, condition, patience=20.0):
    """Asks until the condition holds; returns what it returned."""
    end = time.monotonic() + patience
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise ServerError(f"waited {patience:.0f} s in vain for: {what}")
        time.sleep(0.02)


class PrivateServer:
    """`site`: the path of a site file. `settings`: process settings, section -> key -> value, over the ports and folders
    that are set here. `scripts`, `strategies`: folders, the first hit wins. `cluster_settings`: name=value for PostgreSQL.
    `limits`: options of prlimit that the server runs under; `arguments`: more for trunklined."""

    def __init__(self, bin_folder, site, scripts=(), strategies=(), settings=None, cluster_settings=(), limits=(),
                 arguments=()):
        self.limits, self.arguments = ["prlimit", *limits] if limits else [], arguments
        self.bin = os.path.abspath(bin_folder)
        self.folder = tempfile.mkdtemp(prefix="trunkline-server.")
        os.chmod(self.folder, 0o711)  # the cluster may run as another user
        self.cluster = os.path.join(self.folder, "pg")
        self.config = os.path.join(self.folder, "trunkline.yaml")
        self.log_path = os.path.join(self.folder, "server.log")
        self.process = None
        guard = f"read -r _; '{CLUSTER}' remove '{self.cluster}'; rm -rf '{self.folder}'"
        self._guard = subprocess.Popen(["setsid", "bash", "-c", guard], stdin=subprocess.PIPE)
        self._run([CLUSTER, "start", self.cluster, *cluster_settings])
        self.dsn = self._run([CLUSTER, "dsn", self.cluster]).strip()
        self._write_settings(scripts, strategies, settings or {})
        self.ctl("migrate")
        self.ctl("import", site)

    def _write_settings(self, scripts, strategies, settings):
        all_settings = {
            "database": {"dsn": self.dsn},
            "sip": {"listen": ["udp:127.0.0.1:0", "tcp:127.0.0.1:0"]},
            "tlib": {"listen": "127.0.0.1:0"},
            "http": {"listen": "127.0.0.1:0"},
            "control": {"socket": os.path.join(self.folder, "control.sock")},
            "auth": {"token_file": os.path.join(self.folder, "token")},
            "scripts": {"paths": [*scripts, os.path.join(ROOT, "scripts")],
                        "strategies": [*strategies, os.path.join(ROOT, "strategies")]},
            "reporting": {"spool": os.path.join(self.folder, "spool")},
        }
        for section, values in settings.items():
            if isinstance(values, dict):
                all_settings.setdefault(section, {}).update(values)
            else:
                all_settings[section] = values
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(all_settings, file)  # JSON is YAML

    @staticmethod
    def _run(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"{' '.join(command[:3])} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def start(self, *arguments):
        """Starts trunklined and waits until its doors are open."""
        if os.path.exists(self.log_path):
            os.remove(self.log_path)
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.limits, "setpriv", "--pdeathsig", "KILL", os.path.join(self.bin, "trunklined"), "--config", self.config, *self.arguments, *arguments],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        wait_until("the server to be ready", lambda: self._is_ready(), 60)
        log = self.log()
        self.sip_udp = re.search(r"SIP listens on udp:(\S+)", log).group(1)
        self.sip_tcp = re.search(r"SIP listens on tcp:(\S+)", log).group(1)
        self.tlib = re.search(r"T-Library listens on (\S+),", log).group(1)
        self.http = re.search(r"HTTP on (\S+)", log).group(1)
        return self

    def _is_ready(self):
        if self.process.poll() is not None:
            raise ServerError(f"trunklined ended at start with {self.process.returncode}: {self.log().strip()}")
        return "is ready" in self.log()

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def ctl(self, *arguments):
        """Runs trunkctl; returns its output."""
        return self._run([os.path.join(self.bin, "trunkctl"), *arguments, "--config", self.config])

    def try_ctl(self, *arguments):
        """Runs trunkctl; returns (exit status, output, errors)."""
        done = subprocess.run([os.path.join(self.bin, "trunkctl"), *arguments, "--config", self.config],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def flush(self):
        """Waits until everything is in PostgreSQL, also where that has just come back and flush still says that it is away."""
        wait_until("all rows in PostgreSQL", lambda: self.try_ctl("flush")[0] == 0, patience=60)

    def rows(self, sql):
        """What psql answers: a list of rows of texts, NULL as ''."""
        output = self._run([CLUSTER, "psql", self.cluster, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-At", "-F", "\x1f", "-c", sql])
        return [tuple(line.split("\x1f")) for line in output.split("\n") if line]

    def value(self, sql):
        return self.rows(sql)[0][0]

    def database_pid(self):
        """Of PostgreSQL's first process, parent of the others; it writes its id beside its socket."""
        socket = re.search(r"host=(\S+)", self.dsn).group(1)
        lock = next(name for name in os.listdir(socket) if name.startswith(".s.PGSQL") and name.endswith(".lock"))
        with open(os.path.join(socket, lock), encoding="utf-8") as file:
            return int(file.readline())

    def kill(self):
        """kill -9: no word of farewell."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, and again where sessions are still live."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        again = threading.Timer(1.0, self.process.terminate)
        again.start()
        self.process.wait(timeout=30)
        again.cancel()

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._guard.stdin.close()
        self._guard.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
