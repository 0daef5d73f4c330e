"""The database: engine, tables, migrations, small values by key, and the lease that lets one process write.
Knows no rule of the sync."""
