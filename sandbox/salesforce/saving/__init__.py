"""How the org saves records: read, checked, altered by its automation, stored."""
