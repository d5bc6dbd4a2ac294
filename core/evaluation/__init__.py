"""Evaluation: a suite is a declaration that can be named, a result is a document that can be traced.

`run(name, data, settings)` scores a suite and stamps the result with version, models, seed, commit and the hash of its
data; `compare(a, b)` says whether two results differ by more than chance. Suites are found here and in the verticals.
"""
