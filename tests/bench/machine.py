"""What a figure was measured on: machine, compiler, commit."""

import os
import platform
import subprocess

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip().split("\n")[0]


def machine_line():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(": ", 1)[1].strip() for line in file if line.startswith("model name")), "?")
    changed = " + changes" if first_line(["git", "status", "--porcelain", "-uno"]) else ""
    return (f"{os.cpu_count()} x {model}, Linux {platform.release()}, {first_line(['c++', '--version'])}, "
            f"commit {first_line(['git', 'rev-parse', '--short', 'HEAD'])}{changed}, load average before: "
            f"{os.getloadavg()[0]:.1f}")
