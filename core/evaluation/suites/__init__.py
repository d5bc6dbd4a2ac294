"""Suites that belong to no vertical. Each is a function `suite(data, workspace, **options) -> figures`."""
