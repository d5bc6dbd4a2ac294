"""Runs a program over the frames of its companies: facts first, then the claims that word them.

What cannot be computed is named; a verdict is given only where all that it rests on was computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.evidence import Citation, Fact
from verticals.finance import ratios
from verticals.finance.formatting import Format
from verticals.finance.metrics import metrics
from verticals.finance.planner.figures import fixed_years
from verticals.finance.planner.program import Figure, Point, Program
from verticals.finance.planner.wording import Script, whose
from verticals.finance.ratios import Book, Missing
from verticals.finance.statements.frame import Frame


@dataclass
class Run:
    """One program on its way: a book for each company, one script."""

    program: Program
    frames: Sequence[Frame]
    prefer: Sequence[str] = ()
    """Source ids, the likeliest first."""
    named: bool = True
    """The question names the company (else the collection holds only one)."""
    script: Script = field(default_factory=Script)
    books: list[Book] = field(default_factory=list)

    def book(self, frame: Frame) -> Book:
        """The company's book; its numbering goes on where the books before it ended."""
        found = next((b for b in self.books if b.frame is frame), None)
        if found is None:
            start = 1 + sum(len(b.citations) + len(b.facts) for b in self.books)
            found = Book(frame, [s for s in self.prefer if s in frame.sources], start)
            self.books.append(found)
        return found

    def parts(self, frame: Frame, fact: Fact) -> list[Fact]:
        """The facts that `fact` was computed from, in the order of its formula."""
        known = {f.n: f for f in self.book(frame).facts}
        return [known[i.citation] for i in fact.inputs if i.citation in known]

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(c for b in self.books for c in b.citations)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(f for b in self.books for f in b.facts)

    def compute(self, frame: Frame, figure: Figure, point: Point, form: Format | None = None) -> Fact:
        """A figure at a point as a Fact. Raises Missing."""
        form = form or self.program.format
        if form.decimals is not None and form.percent is None and figure.unit == "percent":
            # "Round to two decimals" of a ratio asks for the ratio; of a margin, for the percentage.
            margin = figure.name in metrics() and metrics()[figure.name].group == "margins"
            form = replace(form, percent=margin or "/" in figure.name)
        book, unit, label = self.book(frame), figure.unit, figure.label
        return ratios.of_expression(
            book, figure.node, point.year, point.quarter, label, unit, figure.definition, form, line=figure.line
        )

    def window(self, frame: Frame, figures: Sequence[Figure], least: int = 1) -> tuple[Point, ...]:
        """The periods of the question for a company; where it names none, the latest that its filings give.

        `least`: how many periods the form needs; earlier years are added. Raises Missing.
        """
        points = self.program.points
        if not points or (self.program.years_back and len(points) < 2):
            end = points[-1].year if points else self.latest(frame, figures)
            if not points:
                self.script.notice(
                    f"The question names no year; FY{end}, the latest in {whose(frame.entity)} filings, is used."
                )
            back = max(self.program.years_back or least, least)
            return tuple(Point.of(y) for y in range(end - back + 1, end + 1))
        if len(points) < least:
            first = points[0]
            return tuple(Point.of(first.year - i, first.quarter) for i in range(least - len(points), 0, -1)) + points
        return points

    def latest(self, frame: Frame, figures: Sequence[Figure]) -> int:
        """The latest fiscal year that all `figures` can be computed for. Raises Missing."""
        years = frame.fiscal_years()
        if not years:
            raise Missing(f"financial statements of {frame.entity}")
        problem: Missing | None = None
        for year in reversed(years[-3:]):
            trial = Book(frame)
            try:
                for f in figures:
                    ratios.of_expression(trial, f.node, year, None, f.label, f.unit, f.definition)
                return year
            except Missing as error:
                problem = problem or error
        assert problem is not None
        raise problem

    def note(self, figures: Sequence[Figure]) -> None:
        """States which definition was used where analysts differ, what counted as none and what was restated."""
        for figure in figures:
            if figure.note:
                self.script.assumption(f"definition used: {figure.label} = {figure.note}.")
        for book in self.books:
            absent: dict[str, list[str]] = {}
            for label, period in sorted(set(book.absent)):
                absent.setdefault(label, []).append(period)
            if absent:
                named = "; ".join(f"{label} ({', '.join(periods)})" for label, periods in absent.items())
                self.script.notice(
                    f"Counted as none, because {whose(book.frame.entity)} statements have no such line: {named}."
                )
            for label in dict.fromkeys(book.partial):
                self.script.notice(f"{whose(book.frame.entity)} statements print “{label}”; amortization is not in it.")
            for chosen, other in book.restated:
                mine, later = book.frame.sources.get(chosen.source_id), book.frame.sources.get(other.source_id)
                if mine and later:
                    self.script.notice(
                        f"{later.label} reports another figure for {chosen.label} ({chosen.period.end.isoformat()}) "
                        f"than {mine.label}, which is used here."
                    )


def run(program: Program, frames: Sequence[Frame], prefer: Sequence[str] = ()) -> Run:
    """Executes `program`; what is missing is in the script of the Run returned."""
    from verticals.finance.planner import judge

    state = Run(program, frames, prefer)
    try:
        if program.form == "value":
            _values(state)
        elif program.form in ("mean", "cagr", "growth", "change"):
            for frame in frames:
                _series(state, frame)
        else:
            judge.judge(state)
    except Missing as error:
        state.script.lacks(error.what)
    if state.script.claims:
        state.note(program.figures)
    return state


def _values(state: Run) -> None:
    for frame in state.frames:
        for figure in state.program.figures:
            fixed = fixed_years(figure.node)
            try:
                points = (Point.of(max(fixed)),) if fixed else state.window(frame, [figure])
            except Missing as error:
                state.script.lacks(error.what)
                continue
            for point in points:
                try:
                    fact = state.compute(frame, figure, point)
                except Missing as error:
                    state.script.lacks(error.what)
                    continue
                state.script.value(fact, figure.instant)
                for part in state.parts(frame, fact):
                    state.script.value(part)


def _series(state: Run, frame: Frame) -> None:
    program = state.program
    figure = program.figures[0]
    book = state.book(frame)
    if program.form == "mean":
        points = state.window(frame, [figure], 2)
        facts = [state.compute(frame, figure, p) for p in points]
        mean = ratios.mean(book, facts, program.format)
        state.script.computed(
            f"{whose(frame.entity)} {mean.name} from {facts[0].period} to {facts[-1].period} was {mean.display}.", mean
        )
        for fact in facts:
            state.script.value(fact, figure.instant)
        return
    least = (program.years_back or 1) + 1 if program.form == "cagr" else 2
    points = state.window(frame, [figure], least)
    plain = replace(program.format, percent=None, decimals=None) if program.form != "change" else program.format
    first, last = (state.compute(frame, figure, p, plain) for p in (points[0], points[-1]))
    if program.form == "cagr":
        years = points[-1].year - points[0].year
        rate = ratios.cagr(book, last, first, years, program.format)
        state.script.computed(
            f"the compound annual growth rate of {whose(frame.entity)} {figure.label} "
            f"from {first.period} to {last.period} was {rate.display}.",
            rate,
        )
    elif program.form == "growth" and figure.unit == "money":
        rate = ratios.growth(book, last, first, replace(program.format, scale=None))
        state.script.moved(rate, figure.label, frame.entity)
    else:
        state.script.moved(ratios.change(book, last, first, program.format), figure.label, frame.entity)
    for fact in (last, first):
        state.script.value(fact, figure.instant)
