"""``python -m syncer.migrations MESSAGE``: write a revision for what changed in `syncer.tables`. For those who develop the program."""

import sys
import tempfile
from pathlib import Path

from syncer.database import engine_for
from syncer.migrate import migrate, write_revision

if len(sys.argv) != 2:
    sys.exit("usage: python -m syncer.migrations MESSAGE")
with tempfile.TemporaryDirectory() as folder:
    engine = engine_for(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
    migrate(engine)
    write_revision(engine, sys.argv[1])
    engine.dispose()
