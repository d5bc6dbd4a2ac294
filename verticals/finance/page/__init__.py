"""The tabs of the analyst's page, one module each."""
