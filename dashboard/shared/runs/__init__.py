"""How runs are drawn: progress, counts, guard numbers. Knows no page."""
