"""Kernels on several threads: also where the system has none to give."""

import subprocess
import sys

import pytest

STARVED = """
import resource
import numpy as np
from steadyhue import _native

points = np.arange(9000, dtype=np.int16).reshape(3000, 3)
centers = np.array([[0.0, 1.0, 2.0], [8997.0, 8998.0, 8999.0]])
alone, starved = np.full(3000, -1, np.int32), np.full(3000, -1, np.int32)
_native.assign(points, centers, alone, False, 1)
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (2 << 20)  # less than the stack of a thread
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
_native.assign(points, centers, starved, False, 4)
print(np.array_equal(alone, starved))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_where_no_thread_can_be_started_the_work_is_done_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", STARVED], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
