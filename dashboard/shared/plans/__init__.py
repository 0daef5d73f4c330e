"""How plans are drawn, field by field. Knows no page."""
