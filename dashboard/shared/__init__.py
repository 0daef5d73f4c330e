"""What several pages have in common: how values, statuses, times, plans and runs are drawn, and who is
looking. It knows no page."""
