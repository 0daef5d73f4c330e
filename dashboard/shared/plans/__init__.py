"""Drawing what would be done to records, field by field. It knows no page, and plans nothing itself."""
