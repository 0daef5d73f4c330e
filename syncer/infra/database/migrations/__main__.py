"""``python -m syncer.infra.database.migrations MESSAGE``: write a revision for what changed in
`syncer.infra.database.tables`. For those who develop the program."""

import sys
import tempfile
from pathlib import Path

from syncer.infra.database.alembic_commands import write_revision
from syncer.infra.database.engine import engine_for
from syncer.infra.database.migrate import migrate

if len(sys.argv) != 2:
    sys.exit("usage: python -m syncer.infra.database.migrations MESSAGE")
with tempfile.TemporaryDirectory() as folder:
    engine = engine_for(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
    migrate(engine)
    write_revision(engine, sys.argv[1])
    engine.dispose()
