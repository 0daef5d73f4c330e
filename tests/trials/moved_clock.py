"""``python -m tests.trials.moved_clock SECONDS COMMAND…``: the command line on a machine whose clock is so
far ahead, as a sandbox's may be: else the dates of both systems would be off (rule 23)."""

import sys
from datetime import datetime, timedelta
from functools import partial

from syncer.application import engine_factory
from syncer.cli import main
from syncer.sync.context import SyncContext, utc_now


def run(seconds: float, command: list[str]) -> int:
    """Run the command. Returns its exit status."""

    def moved() -> datetime:
        return utc_now() + timedelta(seconds=seconds)

    vars(engine_factory)["SyncContext"] = partial(SyncContext, clock=moved)
    return main(command)


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1]), sys.argv[2:]))
