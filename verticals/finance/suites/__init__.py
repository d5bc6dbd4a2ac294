"""Suites of the finance vertical: what its figures are measured by."""
