"""``python -m tests.trials.caller``: an installation's process that calls Salesforce once for each line that
it is told, and says how that went."""

import sys

from syncer.application.container import Application
from syncer.connectors.errors import Fault


def main() -> None:
    """Say ``ready``; then, for each line of input, make one call and say ``done`` or why not."""
    with Application.from_environment() as application:
        salesforce = application.salesforce()
        print("ready", flush=True)
        for _ in sys.stdin:
            try:
                salesforce.entities()
                print("done", flush=True)
            except Fault as fault:
                print(fault.sentence, flush=True)


if __name__ == "__main__":
    main()
