"""Numbers with what they are about: for every number of a sentence, a table row, a typed value or a fact, the words,
years, unit and scale that belong to it. The gates bind a claim's number only to a number whose context agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from core.answering.ledger import Exhibit
from core.answering.numbers import Number, numbers, stated_scale, step_of, years
from core.answering.words import content, sentences, spelled_numbers, split_camel, stem, tokens
from core.evidence import Fact, Passage, Source, Value, normalise


@dataclass(frozen=True, slots=True)
class Standing:
    """A number that stands in evidence. `value` and `step` are unscaled; `years` is empty where nothing says when."""

    value: Decimal
    step: Decimal
    unit: str
    years: frozenset[int]
    words: frozenset[str]
    """Stems of what the number measures: the row's label, or the words beside it in its sentence."""
    around: frozenset[str]
    """Stems of the wider context: section, heading, caption, the whole sentence."""
    quote: str
    """The row or sentence in which it stands, as printed."""
    n: int
    """Number of the citation or fact."""
    sure: bool = False
    """A typed value or a fact: its unit and period are known, not read from the surroundings."""
    text: str = ""
    group: str = ""
    """Numbers with the same group compete: rows of one table, numbers of one sentence."""
    label: frozenset[str] = frozenset()
    """Stems of the row's own label; empty for running text."""
    known_as: frozenset[str] = frozenset()
    """Stems of the standard name of a typed value."""
    days: int = 0
    """Length of a typed value's period; 0 for an instant and where nothing says."""


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    text = (files("core.answering") / "data" / "synonyms.tsv").read_text("utf-8")
    out: dict[str, frozenset[str]] = {}
    for line in text.splitlines()[2:]:
        group = frozenset(stem(w) for w in line.split("\t")[0].split())
        for word in group:
            out[word] = out.get(word, frozenset()) | group
    return out


def widen(stems: Iterable[str]) -> frozenset[str]:
    """`stems` with the stems of their synonyms."""
    out: set[str] = set()
    for word in stems:
        out |= _synonyms().get(word, frozenset()) | {word}
    return frozenset(out)


def subject_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """Content stems of what is measured: without directions, filler, spelled numbers and the entity's names."""
    gone = {stem(t) for name in names for t in tokens(name)}
    spelled = {stem(w) for w in spelled_numbers()}
    words = content(without_numbers(text), drop=("filler", "up", "down", "negation", "approximate"))
    return [w for w in words if w not in gone and w not in spelled]


def without_numbers(text: str) -> str:
    """`text` without its amounts, their units and scales."""
    out, at = [], 0
    for n in numbers(text):
        start = text.rfind(n.text, 0, n.end) if n.text in text[: n.end] else n.start
        out.append(text[at : max(start, at)])
        at = max(at, n.end)
    out.append(text[at:])
    return re.sub(
        r"\b(?:thousand|million|billion|trillion|percent|per cent|percentage points?|basis points|dollars?|bn|mn)s?\b",
        " ",
        " ".join(out),
    )


_BREAK = re.compile(
    r"[;:()]|,(?!\d)|\b(?:and|while|whereas|but|compared|versus|vs|up|down|from|against|than|which"
    r"|an? (?:increase|decrease|decline|rise))\b"
)


_NAME_BREAK = re.compile(r"[;:()]|\b(?:while|whereas|but|compared|versus|vs|up|down|from|against|than|which)\b")


def local(text: str, number: Number, others: Sequence[Number]) -> str:
    """The words of `text` that belong to `number`: back to the number before it, on to the next break."""
    before = max((o.end for o in others if o.end <= number.start), default=0)
    after = min((o.start for o in others if o.start >= number.end), default=len(text))
    tail = text[number.end : after]
    # "$1.3 billion of selling, general and administrative expenses": the commas are the name's own.
    cut = (_NAME_BREAK if re.match(r"\s*(?:of|in)\s", tail) else _BREAK).search(tail)
    tail = tail[: cut.start()] if cut else tail
    return text[before : number.start] + " " + tail


def years_of(text: str, number: Number, others: Sequence[Number]) -> frozenset[int]:
    """The years that `text` gives to `number`: "… in 2024", "respectively" lists, "compared with … in 2023"."""
    named = years(text)
    if not named:
        return frozenset()
    distinct = sorted({y for _, _, y in named})
    if len(distinct) == 1:
        return frozenset(distinct)
    amounts = [n for n in others if not n.spelled]
    spans = [
        re.search(rf"\b{a}\b.{{1,40}}?\b{b}\b", text, re.IGNORECASE) for a, b in (("between", "and"), ("from", "to"))
    ]
    range_years = next((m for m in spans if m and len(years(text[m.start() : m.end() + 12])) >= 2), None)
    moved = [n for n in amounts if re.search(r"\bfrom\s+(?:\w+\s+)?$", text[: n.start].rstrip("$€£( ") + " ")]
    if range_years and len(distinct) == 2 and moved and number in amounts:
        # "Between 2021 and 2022, … rose from 5 to 6": the first number belongs to the first year.
        first = amounts.index(moved[0])
        if amounts.index(number) in (first, first + 1):
            return frozenset({distinct[amounts.index(number) - first]})
    if re.search(r"\brespectively\b", text):
        # As many years in a row as numbers in a row: the n-th to the n-th.
        run = [y for _, _, y in named]
        same_unit = [n for n in amounts if n.unit == number.unit]
        if number in same_unit and len(same_unit) % len(run) == 0:
            return frozenset({run[same_unit.index(number) % len(run)]})
        return frozenset(distinct)
    before = max((o.end for o in amounts if o.end <= number.start), default=0)
    after = min((o.start for o in amounts if o.start >= number.end), default=len(text))
    following = [(s, y) for s, _, y in named if number.end <= s < after]
    if following and re.fullmatch(r"\s*\w*\s*\(\s*", text[number.end : following[0][0]]):
        return frozenset({following[0][1]})
    if following and re.fullmatch(
        r"[\s,)]*(?:[\w$ ]{0,40}?\b)?(?:in|during|for|of|at|on|through|year|ended|fiscal|as of)?\b[^,;]{0,60}",
        text[number.end : following[0][0]],
    ):
        return frozenset({following[0][1]})
    preceding = [(e, y) for _, e, y in named if before <= e <= number.start]
    if preceding:
        return frozenset({preceding[-1][1]})
    if following:
        return frozenset({following[0][1]})
    earlier = [y for _, e, y in named if e <= number.start]
    return frozenset({earlier[-1]} if earlier else distinct)


def words_by_number(text: str, amounts: Sequence[Number]) -> dict[Number, list[str]]:
    """The subject words that belong to each amount of `text`. Numbers with no word between them are a list ("$83
    million, $33 million and $21 million") and share what is said before and after it."""
    runs: list[list[Number]] = []
    for i, x in enumerate(amounts):
        if i and not subject_words(text[amounts[i - 1].end : x.start]):
            runs[-1].append(x)
        else:
            runs.append([x])
    out: dict[Number, list[str]] = {}
    for run in runs:
        shared = [w for x in run for w in subject_words(local(text, x, amounts))]
        out |= dict.fromkeys(run, shared)
    return out


def in_sentence(
    text: str, n: int, around: Iterable[str] = (), fallback: frozenset[int] = frozenset()
) -> list[Standing]:
    """Every amount of a sentence with its local words and years (`fallback` where the sentence names none).

    A number that only continues a list ("$83 million, $33 million and $21 million") is about what its first is.
    """
    found = numbers(text, spelled=True)
    amounts = [x for x in found if not x.spelled]
    wide = widen(subject_words(text)) | frozenset(around)
    words = {x: widen(own) for x, own in words_by_number(text, amounts).items()}
    return [
        Standing(
            x.value,
            x.step,
            x.unit,
            years_of(text, x, amounts) or fallback,
            words.get(x, frozenset()),
            wide,
            text,
            n,
            text=x.text,
            group=text,
        )
        for x in found
    ]


def of_value(value: Value, n: int, source: Source | None = None, around: Iterable[str] = ()) -> Standing:
    """A typed value; its year is the fiscal year of `source` in which its period ends."""
    digits = re.sub(r"[^\d.]", "", value.printed) or "0"
    power = value.scale or 0
    unit = {"USD/shares": "USD", "pure": "ratio"}.get(value.unit, value.unit)
    if "%" in value.printed:
        unit = "ratio"
    metric = split_camel(value.metric) + " " + split_camel(value.concept or "")
    members = " ".join(split_camel(m) for _, m in value.dimensions)
    label = f"{value.label} {metric} {members}"
    fiscal = fiscal_year(value.period.end, source)
    # A balance and a quarter may be asked for by fiscal or calendar year; a year's flow by its fiscal year alone.
    named = {fiscal} if value.period.days >= FULL_YEAR else {fiscal, value.period.end.year}
    words = widen(subject_words(label)) | frozenset(content(label, drop=("filler",)))
    return Standing(
        value.value,
        step_of(digits).scaleb(power),
        unit,
        frozenset(named),
        words,
        frozenset(around) | words,
        value.quote,
        n,
        sure=True,
        text=value.printed,
        group=f"values of {value.source_id}",
        label=frozenset(subject_words(f"{value.label} {members}")),
        known_as=frozenset(subject_words(split_camel(value.metric))),
        days=value.period.days,
    )


def of_fact(fact: Fact) -> list[Standing]:
    """A fact's value and its inputs. Ratios are kept as ratios: 0.438 meets "43.8%"."""
    when = frozenset(y for _, _, y in years(fact.period))
    words = widen(subject_words(f"{fact.name} {fact.definition}"))
    around = words | widen(subject_words(fact.formula)) | widen(w for i in fact.inputs for w in subject_words(i.name))
    unit = {"USD/shares": "USD", "pure": "ratio", "percent": "percent"}.get(fact.unit, fact.unit)
    out = [Standing(fact.value, Decimal(0), unit, when, words, around, fact.display, fact.n, True, fact.display)]
    for item in fact.inputs:
        iyears = frozenset(y for _, _, y in years(f"{item.period} {item.name}")) or when
        iunit = {"USD/shares": "USD", "pure": "ratio"}.get(item.unit, item.unit)
        iwords = widen(subject_words(item.name))
        out.append(
            Standing(item.value, Decimal(0), iunit, iyears, iwords, around | iwords, "", fact.n, True, str(item.value))
        )
    return out


def of_exhibit(shown: Exhibit) -> list[Standing]:
    """Every number that stands in the cited words, typed values first; context is taken from the whole passage."""
    out: list[Standing] = []
    if not shown.passages or shown.source is None:
        return out
    quote = normalise(shown.citation.quote)
    passage = shown.passages[0]
    source = shown.source
    n = shown.citation.n
    heading = " ".join((*passage.heading_path, passage.context, source.label))
    around = widen(subject_words(heading))
    for value in shown.values:
        row = normalise(value.quote) or normalise(value.printed)
        if row in quote or quote in row:
            out.append(of_value(value, n, source, around))
    fallback = passage_years(shown)
    if is_table(passage):
        # What a typed value says of a cell's unit and scale holds against what the surroundings suggest.
        typed = {(normalise(s.quote), re.sub(r"[^\d.]", "", s.text)) for s in out}
        read = _in_table(shown, n, around, fallback)
        out += [s for s in read if (normalise(s.quote), re.sub(r"[^\d.]", "", s.text)) not in typed]
    else:
        for sentence in sentences(shown.citation.quote):
            out += in_sentence(sentence, n, around, fallback)
    return out


def rivals(shown: Exhibit) -> list[tuple[frozenset[str], frozenset[str], frozenset[str]]]:
    """(words, label, standard name) of every row and value of the cited passages, quoted or not: what a number could
    be mistaken for."""
    if not shown.passages:
        return []
    passage = shown.passages[0]
    out = []
    for v in shown.values:
        s = of_value(v, 0)
        out.append((s.words, s.label, s.known_as))
    if is_table(passage):
        for label, _, _ in table_rows(passage.text):
            own = frozenset(subject_words(label))
            if own:
                out.append((widen(own), own, frozenset()))
    return out


def is_table(passage: Passage) -> bool:
    return passage.kind == "table" or "\t" in passage.text


FULL_YEAR = 300
"""Days from which a period counts as a year (52 weeks are 364)."""


def fiscal_year(end: date, source: Source | None) -> int:
    """The fiscal year in which `end` lies, as the source itself names its years: a retailer's fiscal 2022 may end in
    January 2023, and a quarter that ends in July 2025 may belong to fiscal 2026."""
    period = source.description.period if source else None
    stated = str(source.description.meta.get("fiscal_year", "")) if source else ""
    if source is None or period is None or not re.fullmatch(r"(?:19|20)\d\d", stated):
        return end.year
    closing = re.fullmatch(r"(\d\d)-(\d\d)", str(source.description.meta.get("fiscal_year_end", "")))
    month, day = (int(closing[1]), int(closing[2])) if closing else (period.end.month, period.end.day)

    def raw(moment: date) -> int:
        # The year in which the fiscal year around `moment` closes; a 52-week year closes up to a week apart.
        late = (moment.month - month) * 30 + moment.day - day
        return moment.year + (1 if late > 10 else 0)

    shift = int(stated) - raw(period.end)
    return raw(end) + shift if shift in (-1, 0, 1) else end.year


def passage_years(shown: Exhibit) -> frozenset[int]:
    """Years that stand for a passage whose sentence names none: its headings', else its source's own period."""
    passage = shown.passages[0]
    found = frozenset(y for _, _, y in years(" ".join(passage.heading_path)))
    if found:
        return found
    source = shown.source
    if source is None:
        return frozenset()
    period = source.description.period
    return frozenset({fiscal_year(period.end, source)}) if period else frozenset()


def table_rows(text: str) -> list[tuple[str, str, str]]:
    """(label, row as printed, section) of each line of a table passage; a line without numbers opens a section."""
    out: list[tuple[str, str, str]] = []
    section = ""
    for line in text.splitlines():
        if not line.strip():
            continue
        cells = [c.strip() for c in line.split("\t")]
        label = cells[0] if re.search(r"[A-Za-z\u3400-\u9fff]", cells[0]) else ""
        if not numbers(" ".join(cells[1:])) and label and not years(line):
            section = label
            continue
        out.append((label, line, section))
    return out


def _in_table(shown: Exhibit, n: int, around: frozenset[str], fallback: frozenset[int]) -> list[Standing]:
    passage = shown.passages[0]
    quote = normalise(shown.citation.quote)
    heads = f"{' '.join(passage.heading_path)}\n{passage.context}\n{passage.text}"
    power = stated_scale(passage.text) or stated_scale(heads)
    money = currency_of(shown, heads)
    columns = column_years(passage.text)
    out: list[Standing] = []
    for label, line, section in table_rows(passage.text):
        plain = normalise(line)
        if not (plain in quote or (quote in plain and quote)):
            continue
        cells = [x for x in numbers(line) if x.start >= len(label)]
        own = widen(subject_words(label))
        wide = own | widen(subject_words(section)) | around
        for i, x in enumerate(cells):
            if columns and len(cells) == len(columns):
                when = columns[i] or fallback
            else:
                when = frozenset(y for column in columns for y in column) or fallback
            per_share = re.search(r"per\s+(?:\w+\s+)?share|percent|ratio|rate|margin", label, re.IGNORECASE)
            scale = 0 if x.unit in ("percent", "points", "times") or per_share or power is None else power
            shares = re.search(r"\bshares\b", label, re.IGNORECASE) and not re.search(
                r"per\s+\w*\s*share", label, re.IGNORECASE
            )
            unit = x.unit or ("shares" if shares else money if scale or per_share else "")
            out.append(
                Standing(
                    x.value.scaleb(scale) if not x.power else x.value,
                    x.step.scaleb(scale) if not x.power else x.step,
                    unit,
                    when,
                    own | widen(subject_words(section)),
                    wide,
                    line,
                    n,
                    text=x.text,
                    group="table",
                    label=frozenset(subject_words(label)),
                )
            )
    return out


def currency_of(shown: Exhibit, heads: str) -> str:
    """The currency of a table's bare cells: the sign printed with others of them, else that of the source's typed
    values; "money?" where nothing says."""
    for sign, name in (("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")):
        if sign in heads:
            return name
    found = [v.unit.partition("/")[0] for v in shown.values if re.match(r"[A-Z]{3}\b", v.unit)]
    if found:
        return max(set(found), key=found.count)
    return "USD" if re.search(r"\bdollars\b", heads, re.IGNORECASE) else "money?"


def column_years(text: str) -> list[frozenset[int]]:
    """The years of a table's number columns, read from its header line; a column without a year of its own ("Change")
    has its left neighbour's. [] where no line heads the columns."""
    best: list[frozenset[int]] = []
    for line in text.splitlines():
        named = years(line)
        if numbers(line):
            if len(best) > 1:
                break
            continue
        if not named:
            continue
        cells = [frozenset(y for _, _, y in years(cell)) for cell in line.split("\t")]
        if "\t" not in line:
            cells = [frozenset({y}) for _, _, y in named]
        while cells and not cells[0]:
            cells = cells[1:]
        for i, cell in enumerate(cells):
            if not cell and i:
                cells[i] = cells[i - 1]
        if len(cells) > len(best) or (len(cells) == len(best) and cells):
            best = cells
    return best
