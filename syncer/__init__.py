"""The sync core: knows neither Streamlit nor RQ nor the sandbox."""
