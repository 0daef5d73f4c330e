"""Trying on a connected account what is assumed of Element451 (contracts/element451.md). `reading` writes
nothing; `importing` writes to one test contact, and puts back what it held. `verdicts` judges what they saw,
without I/O."""
