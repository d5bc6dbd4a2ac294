"""What the forms of questions share: patterns of words in marks, the periods named, and the test that nothing of a
question is left unexplained.
"""

from __future__ import annotations

import re

from verticals.finance.planner import figures
from verticals.finance.planner.program import Figure, Form, Point, Program
from verticals.finance.planner.request import Request
from verticals.finance.understand.periods import NUMBER_WORDS

M = r"<m:([\w:]+)>"
Y = r"<y\d+>"
N = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
UP = (
    r"grow|grew|grown|growing|increase|increased|increasing|rise|rose|risen|rising|expand|expanded|expanding"
    r"|climb|climbed|gain|gained"
)
DOWN = (
    r"decrease|decreased|decreasing|drop|dropped|dropping|fall|fell|fallen|falling|shrink|shrank|shrunk"
    r"|reduce|reduced|reducing|contract|contracted|lower|lowered|reduction"
)
BETTER = r"improve|improved|improving|improvement|strengthen|strengthened|strengthening"
WORSE = (
    r"decline|declined|declining|worsen|worsened|worsening|deteriorate|deteriorated|deteriorating"
    r"|weaken|weakened|weakening"
)
TURN = rf"(?:{UP}|{DOWN}|{BETTER}|{WORSE}|change|changed)"
YES_NO = r"^(?:and |so |then )?(?:doe|do|did|has|have|had|is|are|was|were)\b"
HIGH = r"highest|most|largest|greatest|best|biggest|higher|more|larger|greater|better|bigger|stronger|strongest"
LOW = r"lowest|least|smallest|worst|lower|less|smaller|worse|fewest|weaker|weakest"


def done(row: str, request: Request, *explained: str) -> bool:
    """Whether nothing of `row` is left unexplained once `explained` patterns are taken out."""
    for pattern in explained:
        row = re.sub(rf"(?:^|\s)(?:{pattern})(?=\s|$)", " ", f" {row} ")
    return not request.leftover(row)


def points(request: Request) -> tuple[Point, ...]:
    """The periods that the asking sentence names, ascending; a range that it names is filled."""
    named = {Point.of(int(y)) for y in re.findall(r"<y(\d+)>", request.core)}
    ranges = [r for r in request.reading.periods.ranges if {Point.of(r[0]), Point.of(r[1])} <= named]
    named |= {Point.of(y) for start, end in ranges for y in range(start, end + 1)}
    named |= {Point.of(int(y), int(q)) for q, y in re.findall(r"<q(\d)-(\d+)>", request.core)}
    return tuple(sorted(named))


def program(
    form: Form, request: Request, *chosen: Figure, direction: str = "", tolerance: float | None = None
) -> Program:
    when = request.reading.periods
    return Program(form, chosen, points(request), request.form, direction, tolerance, when.last, request.relevance)


def names_in(row: str) -> list[str]:
    return re.findall(M, row)


def one_figure(row: str, request: Request) -> Figure | None:
    names = names_in(row)
    return figures.of_metric(names[0], request) if len(names) == 1 else None


def count(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS[text]
