"""``python -m bench.launch OUTPUT ERRORS COMMAND...``: run a command, what it says into files, and print what
it took.

A process of its own, because Linux counts the memory of whoever starts a process towards that process's peak;
this one is small.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def measure(output: Path, errors: Path, command: list[str]) -> dict[str, float]:
    """Run the command to its end. Returns its exit status, its seconds from start to end and of work, and its
    peak memory in MiB."""
    with output.open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    units = 1024 * 1024 if sys.platform == "darwin" else 1024  # getrusage(2): KiB on Linux, bytes on macOS
    work = used.ru_utime + used.ru_stime
    return {
        "status": process.returncode,
        "seconds": seconds,
        "cpu_seconds": work,
        "peak_mib": used.ru_maxrss / units,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))
