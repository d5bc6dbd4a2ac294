"""The ranking policy of finance. A question that the planner can compute is answered by statement lines: the asked
statements of the likeliest filing come first. For any other question the reranker's order stands, moved a little by
what the passage is and by which filing it is of.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.vertical import Hit, Query

STATEMENTS = ("income_statement", "balance_sheet", "cash_flow")
OTHER_FILING = 4
"""Places that a passage loses for every filing that is likelier than its own, where the question names a year."""
TAGGED = 3
"""Places that a passage of an asked section wins."""
STATEMENT = 6
"""Places that an asked statement wins where it does not come first anyway."""
PROSE = ("drivers",)
"""Forms of questions whose answer stands in prose though figures go with it."""


def rank(query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """`hits` in the order of the policy."""
    place = {source_id: i for i, source_id in enumerate(query.source_ids or ())}
    asked = [tag for tag in query.tags if tag in STATEMENTS]
    first = _computed(query, hits) if asked else False
    dated = bool(query.years or query.periods)

    def key(pair: tuple[int, Hit]) -> tuple[int, float, int]:
        position, hit = pair
        mine = [asked.index(tag) for tag in hit.passage.tags if tag in asked]
        behind = min(place.get(hit.source.id, len(place)), 5)
        if first and mine and behind == 0:
            return (0, min(mine), position)
        won = STATEMENT if mine and first else TAGGED if set(query.tags).intersection(hit.passage.tags) else 0
        lost = OTHER_FILING * behind if dated or first else 0
        return (1, position - won + lost, position)

    return [hit for _, hit in sorted(enumerate(hits), key=key)]


def _computed(query: Query, hits: Sequence[Hit]) -> bool:
    """Whether the planner would compute the answer from statement lines."""
    from verticals.finance.planner import plan

    sources = list({hit.source.id: hit.source for hit in hits}.values())
    program = plan(query.text, sources, max(1, len(query.entities)))
    return program is not None and program.form not in PROSE
