"""The Streamlit pieces that the apps share. Pages have no logic of their own: they call what the command line calls."""
