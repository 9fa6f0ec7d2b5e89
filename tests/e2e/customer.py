"""A customer of the end-to-end tests is a SIPp process that plays a scenario of sipp/."""

import os
import socket
import subprocess

from private_server import wait_until

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sipp")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Customer:
    """`transport`: udp or tcp. Further keywords become keys of the scenario."""

    def __init__(self, server, folder, scenario, transport="udp", to="1111", **keys):
        self.name = keys["customer"]
        self.log = os.path.join(folder, f"{self.name}-{scenario}-{free_port()}.log")
        address = server.sip_udp if transport == "udp" else server.sip_tcp
        command = ["setpriv", "--pdeathsig", "KILL", "sipp", "-sf", f"{SCENARIOS}/{scenario}.xml",
                   "-oocsf", f"{SCENARIOS}/uas_texts.xml", "-t", "u1" if transport == "udp" else "t1", "-i", "127.0.0.1",
                   "-p", str(free_port()), "-m", "1", "-nostdin", "-timeout", "60", "-timeout_error",
                   "-trace_msg", "-message_file", self.log, "-message_overwrite", "true", "-s", to, "-key", "host", "trunkline"]
        for key, value in keys.items():
            command += ["-key", key, value]
        self.process = subprocess.Popen([*command, address], cwd=folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def traffic(self):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for(self, text):
        """Waits until this has come from the center (or gone to it)."""
        wait_until(f"'{text}' at the customer {self.name}", lambda: text in self.traffic() or self._gave_up(text))
        return self

    def _gave_up(self, text):
        if self.process.poll() is None or text in self.traffic():
            return False
        raise AssertionError(f"SIPp ended with {self.process.returncode} before '{text}' came:\n{self.traffic()}")

    def wait_for_the_end(self):
        """The scenario went through as it is written: nothing else came, nothing was missing."""
        output, _ = self.process.communicate(timeout=70)
        assert self.process.returncode == 0, f"SIPp ended with {self.process.returncode}:\n{self.traffic()}\n{output[-1500:]}"

    def leave(self):
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()
