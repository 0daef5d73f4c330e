"""To be drawn."""

import streamlit as st

st.title("mappings")
