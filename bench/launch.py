"""``python -m bench.launch OUTPUT COMMAND...``: run a command, its output into a file, and print what it took.

A process of its own, because Linux counts the memory of whoever starts a process towards that process's peak; this one is small.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def measure(output: Path, command: list[str]) -> dict[str, float]:
    """Run the command to its end. Gives its exit status, its seconds from start to end, and its peak memory in MiB."""
    with output.open("wb") as file:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    units = 1024 * 1024 if sys.platform == "darwin" else 1024  # getrusage(2): KiB on Linux, bytes on macOS
    return {"status": process.returncode, "seconds": seconds, "peak_mib": used.ru_maxrss / units}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2:])))
