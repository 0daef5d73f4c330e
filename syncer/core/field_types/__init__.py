"""The types of fields, a file for each family: how their values are read, stored and checked, and what can be
mapped to them. Which of the two systems' type names means which type, their connectors know
(``field_types.py`` of each). A new type is an entry in the file of its family, and its name there."""
