"""Pure rules: what a record, a value, a mapping and a plan are, and what follows from them. Knows the
standard library only: no I/O, no clock."""
