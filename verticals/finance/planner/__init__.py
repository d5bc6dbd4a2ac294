"""The planner: a question about figures becomes a typed program (which figures, of which years, combined how), the
program runs over a company's Frame, and its facts and claims become a Draft. No language model takes part.

A question that is not wholly understood is left to the other routes: `compute` returns None.
"""

from verticals.finance.planner.compute import compute, over, plan

__all__ = ["compute", "over", "plan"]
