"""``python -m dashboard``."""

import sys

from dashboard.server import main

if __name__ == "__main__":
    sys.exit(main())
