"""Which records of both systems belong together (rule 7): the decision, and what is said where it fails."""
