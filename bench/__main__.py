"""``python -m bench``: seconds, records a second, calls and memory of a first sync and of one after a tenth
has changed.

Both systems hold the same people; every second Element451 contact does not hold its Salesforce ID yet, so
that the first sync pairs everybody and writes for half of them. Then a run that is not measured reads back
what the first one wrote, and the sandbox's clock moves past the overlap. Before the second sync, a tenth of
the people is edited, half of those in either system. Each sync is one ``python -m syncer sync``, measured
from start to end of its process.

"× loop" compares its records a second with a loop that handles one record a call (reading, for the first
sync; updating, for the second), timed on a sample. "× bare" compares it with sending and receiving bodies of
the same sizes, as they were on the wire, over one connection and over as many as the product uses, to a
server that does nothing; where calls are slow, every k-th body is sent and the time scaled up (--whole sends
them all).
"""

import argparse
import os
import sys
from datetime import UTC, datetime

from bench import document, report
from bench.trial import Settings, measure
from demo.children import ROOT, stopped_by_signals
from demo.program import CommandFailed


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main() -> int:
    """Returns the exit status: 0 when everything was measured, 1 when a step went wrong, 130 after Ctrl-C. A
    missed aim is said, not punished."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--contacts",
        type=_numbers,
        default=[10_000, 100_000],
        metavar="N,N",
        help="sizes of the school (default 10000,100000)",
    )
    parser.add_argument(
        "--delays",
        type=_numbers,
        default=[0, 100],
        metavar="MS,MS",
        help="how long each call takes (default 0,100)",
    )
    parser.add_argument(
        "--sample", type=int, default=200, help="records that go through the loop (default %(default)s)"
    )
    parser.add_argument("--whole", action="store_true", help="repeat every transfer, not a sample")
    parser.add_argument(
        "--docs", action="store_true", help="put the table and a picture into docs/performance.md"
    )
    options = parser.parse_args()
    settings = Settings(sample=options.sample, whole=options.whole)
    found = []
    try:
        with stopped_by_signals():
            for contacts in options.contacts:
                for delay in options.delays:
                    found += measure(
                        contacts, delay, settings, lambda text: print(text, file=sys.stderr, flush=True)
                    )
    except (CommandFailed, RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    path = report.keep(found, ROOT / "bench" / "results", datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
    if options.docs:
        document.write(found, ROOT / "docs" / "performance.md", datetime.now(UTC), os.getloadavg()[0])
    print(report.markdown(found), "", *report.aims(found), "", f"kept in {path.relative_to(ROOT)}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
