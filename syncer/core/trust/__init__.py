"""What may be believed: that a record is gone (rule 9), and what a clock says (rule 23)."""
