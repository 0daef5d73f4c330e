"""Everything that can be wrong with a configuration, compared with the fields that both systems have, in
sentences for an analyst. Each module judges one thing; `check` puts them together. Pure: reads no catalogue
itself."""
