"""The clock of an installation and that of its sandbox: both jump from tick to tick, and the installation's
alone may be wrong."""

import struct
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.support.sandbox import RunningSandbox

SITE = Path(__file__).parent


class JumpingClock:
    """A time that both share, at first the machine's. The installation's is kept in ``file``: its processes
    find it where that is CLOCK_AHEAD in their environment, and `SITE` on their PYTHONPATH."""

    def __init__(self, file: Path, sandbox: RunningSandbox) -> None:
        self.file, self._sandbox = file, sandbox
        self._jumped, self.wrong_by = 0.0, 0.0
        file.write_bytes(bytes(8))

    def now(self) -> float:
        """What the installation's clock says, in seconds since 1970."""
        return time.time() + self._jumped + self.wrong_by

    def jump_to_next(self, seconds: int) -> None:
        """Both go on to where the next so many seconds begin, by the time that they share."""
        here = time.time() + self._jumped
        self._jumped += (here // seconds + 1) * seconds - here
        self._sandbox.clock(now=datetime.fromtimestamp(time.time() + self._jumped, UTC).isoformat())
        self._set()

    def go_wrong(self, seconds: float) -> None:
        """The installation's is so far ahead of the sandbox's (negative: behind); 0 puts it right."""
        self.wrong_by = seconds
        self._set()

    def _set(self) -> None:
        with self.file.open("r+b") as opened:
            opened.write(struct.pack("d", self._jumped + self.wrong_by))
