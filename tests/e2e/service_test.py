"""The server as an operator meets it; a module of service/ a subject. Run by ctest (service_*), or:
tests/e2e/service_test.py [BIN_FOLDER] [CLASS]"""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "service")]
if len(sys.argv) > 1 and os.path.isdir(sys.argv[1]):
    os.environ["TRUNKLINE_BIN"] = os.path.abspath(sys.argv.pop(1))

from api import *  # noqa: E402,F403
from drain import *  # noqa: E402,F403
from owner import *  # noqa: E402,F403
from start import *  # noqa: E402,F403
from system import *  # noqa: E402,F403
from tls import *  # noqa: E402,F403
from verbs import *  # noqa: E402,F403

if __name__ == "__main__":
    unittest.main(verbosity=2)
