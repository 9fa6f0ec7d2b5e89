"""The attack list: what strangers, and clients who want more than is theirs, try against the real server with PostgreSQL behind
it; a module of attacks/ a subject. Beside it stand the suites named Attacks in tests/unit, where no wire is needed; docs/status.md
lists all with their results. Run by ctest (attacks), or: tests/e2e/attack_test.py [BIN_FOLDER] [-k NAME]"""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "attacks")]
if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]):
    os.environ["TRUNKLINE_BIN"] = os.path.abspath(sys.argv.pop(1))

from connections import *  # noqa: E402,F403
from depths import *  # noqa: E402,F403
from foreign_pages import *  # noqa: E402,F403
from others_work import *  # noqa: E402,F403
from secrets_kept import *  # noqa: E402,F403
from words import *  # noqa: E402,F403

if __name__ == "__main__":
    unittest.main(verbosity=2)
