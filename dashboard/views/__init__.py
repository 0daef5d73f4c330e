"""One view a page: load, widgets, one call, draw. Streamlit runs each file from the top when its page is
shown."""
