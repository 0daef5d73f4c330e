"""SOQL: parsed with lark, compiled to parameterised SQLite."""
