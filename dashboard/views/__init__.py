"""The pages, a folder each: `view` is the script that Streamlit runs from the top at every look and click,
the modules beside it are its parts. A page knows `dashboard.shared`, and no other page."""
