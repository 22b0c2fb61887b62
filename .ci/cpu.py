"""`python .ci/cpu.py FILE COMMAND…`: run a command, and write to FILE the seconds of CPU that it took.

All that it started counts, also what has become nobody's child meanwhile: a browser's renderers, a database server.
Linux gives them to this process (`PR_SET_CHILD_SUBREAPER`), which waits for them; elsewhere they are left out.
"""

import ctypes
import os
import resource
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0  # seconds for what is still there when the command has ended


def main() -> int:
    """The exit status of the command."""
    file, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    status = _wait_for(os.posix_spawnp(command[0], command, os.environ))
    _wait_for_the_rest()
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(file).write_text(f"{took.ru_utime + took.ru_stime:.0f}")
    return status


def _wait_for(command: int) -> int:
    while True:
        ended, status = os.wait()
        if ended == command:
            return os.waitstatus_to_exitcode(status)


def _wait_for_the_rest() -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
