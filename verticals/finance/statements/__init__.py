"""Statements: printed and tagged numbers of filings brought into one typed frame."""
