"""What can be asked for: the commands, and the container that builds everything. Knows neither Streamlit nor
RQ."""
