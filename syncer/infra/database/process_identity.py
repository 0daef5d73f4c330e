"""Who holds a lease: a process told so exactly that another one on the same machine can see that it died.
Linux's /proc says so; elsewhere only the process number is compared, and a lease of a dead owner waits for
its expiry where the number was given out again."""

import os
import secrets
import socket
from pathlib import Path


def this_owner() -> str:
    """A text for this process and this very call: host, place, process number, its start, and something that
    is unique."""
    pid = os.getpid()
    return " ".join((socket.gethostname(), _place(), str(pid), _started(pid) or "-", secrets.token_hex(4)))


def host_of(owner: str) -> str:
    """The host and process number in an owner's text, for a person."""
    host, _, pid, *_ = owner.split(" ")
    return f"{host} (process {pid})"


def is_dead(owner: str) -> bool:
    """Whether the owner surely died: it ran in this very place, and its process is gone. False wherever that
    cannot be known."""
    try:
        _, place, number, started, _ = owner.split(" ")
        pid = int(number)
    except ValueError:
        return False
    if place != _place():
        return False
    if started != "-":
        return _started(pid) != started
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _place() -> str:
    """Where process numbers mean the same: one boot of one kernel and one process namespace (containers share
    the first only)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _started(pid: int) -> str | None:
    """When the process began, in the kernel's ticks; None where there is no such process, or only its remains
    (proc(5), fields 3 and 22)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
