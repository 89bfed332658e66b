"""Runs one command and prints what it took, as JSON: ``python measured.py OUTPUT COMMAND…``.

A small process of its own: the peak memory that the kernel reports of a child includes that of the process
it was forked from, and the benchmark itself holds a whole collection.
"""

import json
import os
import sys
import time


def measure(output: str, command: list[str]) -> dict[str, float]:
    """Run *command* with its output in the file *output*; give seconds, and megabytes of its largest process."""
    began = time.perf_counter()
    pid = os.fork()
    if not pid:
        try:
            log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    # ru_maxrss of a waited-for child is that of the largest process below it: kilobytes on Linux, bytes on macOS.
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return {
        "wall": round(wall, 4),
        "cpu": round(used.ru_utime + used.ru_stime, 4),
        "peak_mb": round(peak, 1),
        "exit": os.waitstatus_to_exitcode(status),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2:])))
