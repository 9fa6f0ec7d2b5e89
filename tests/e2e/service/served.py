"""Where the programs, the example site and the unit are."""

import os

from private_server import ROOT

BIN = os.environ.get("TRUNKLINE_BIN", os.path.join(ROOT, "build", "bin"))
SITE = os.path.join(ROOT, "examples", "support_desk", "site.yaml")
UNIT = os.path.join(ROOT, "tools", "service", "trunklined.service")
