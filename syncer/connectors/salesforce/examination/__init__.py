"""Trying on a connected org what is assumed of Salesforce (contracts/salesforce.md) and of the rights of the
connected user. `reading` writes nothing; `automation` writes to one test record, and puts back what it held.
`verdicts` judges what they saw, without I/O."""
