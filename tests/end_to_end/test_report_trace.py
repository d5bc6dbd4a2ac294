"""Reads a report again from its HTML alone, beside the files that it names, and traces every number that a reader sees:
to a Fact whose formula gives it anew, or to words that stand on the page named. It shares no code with what it checks:
pages are read through pypdfium2, formulas by Python's own arithmetic.

    python tests/end_to_end/test_report_trace.py REPORT.html FOLDER_OF_SOURCES…
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import operator
import re
import statistics
import sys
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
DATE = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},\s+)?"
    r"\b(?:19|20)\d\d(?:-\d\d-\d\d)?\b|\bFY(?:19|20)?\d\d\b"
)
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?")
SCALE = {"thousand": 3, "million": 6, "billion": 9}


class Report:
    """The report's own statement of its evidence, and what a reader sees of it."""

    def __init__(self, path: Path, folders: list[Path]) -> None:
        self.tree = html.fromstring(path.read_bytes())
        told = json.loads(self.tree.get_element_by_id("evidence").text)
        self.facts = {f["n"]: f for f in told["facts"]}
        self.citations = {c["n"]: c for c in told["citations"]}
        self.claims = told["claims"]
        self.files = {
            hashlib.sha256(f.read_bytes()).hexdigest(): f for d in folders for f in d.iterdir() if f.is_file()
        }
        self.pages: dict[tuple[str, int], str] = {}
        self.faults: list[str] = []
        self.traced = 0

    # --- the walk ---------------------------------------------------------------------------------------------
    def check(self) -> list[str]:
        """All faults: numbers without a source, figures that do not come out, quotes that do not stand."""
        for n in self.facts:
            self._fact(n)
        for n in self.citations:
            self._citation(n)
        for element, text in self._visible():
            self._text(element, text)
        for claim in self.claims:
            if claim["kind"] in ("computed", "quoted") and not claim["citations"]:
                self.faults.append(f"a claim without evidence: {claim['text']}")
            if claim["kind"] == "judgement" and not claim["based_on"]:
                self.faults.append(f"a judgement that rests on nothing: {claim['text']}")
        return self.faults

    def _visible(self) -> Iterator[tuple[Any, str]]:
        for element in self.tree.body.iter():
            if not isinstance(element.tag, str) or element.tag in ("script", "style", "title", "desc"):
                pass
            elif element.text and element.text.strip():
                yield element, element.text
            parent = element.getparent()
            if element.tail and element.tail.strip() and parent is not None and parent.tag not in ("script", "style"):
                yield parent, element.tail

    def _text(self, element: Any, text: str) -> None:
        if not NUMBER.search(DATE.sub(" ", text)):
            return
        owner = next((e for e in (element, *element.iterancestors()) if _mark(e)), None)
        if owner is None:
            # A row's label may hold a number of its figures' names ("52 weeks").
            self._label(element, text)
            return
        kind = _mark(owner)
        if kind == "data-mark":
            n = int(re.sub(r"\D", "", text))
            if n not in self.facts and n not in self.citations:
                self.faults.append(f"[{n}] leads nowhere")
        elif kind == "data-locator":
            self._place(int(owner.get(kind)), text)
        elif kind == "data-citation":
            self._quoted(int(owner.get(kind)), text)
        elif kind in ("data-fact", "data-exact"):
            self._shown(int(owner.get(kind)), text, int(owner.get("data-scale") or 0))
        elif kind == "data-input":
            values = [float(i["value"]) for i in self.facts[int(owner.get(kind))]["inputs"]]
            if not any(_meets(_number(text), v, text) for v in values):
                self.faults.append(f"input {text} is none of fact {owner.get(kind)}")
        elif kind == "data-formula" and text != self.facts[int(owner.get(kind))]["formula"]:
            self.faults.append(f"the formula shown is not that of {owner.get(kind)}")
        elif kind == "data-meta":
            self._about_sources(text)
        self.traced += 1

    def _label(self, element: Any, text: str) -> None:
        row = next((e for e in (element, *element.iterancestors()) if e.tag in ("tr", "li", "text")), None)
        near = " ".join(
            f"{self.facts[n]['name']} {self.facts[n]['formula']}"
            for n in ({int(a.get("data-fact")) for a in row.xpath(".//*[@data-fact]")} if row is not None else ())
            if n in self.facts
        ) + " ".join(i["name"] for f in self.facts.values() for i in f["inputs"] if row is not None and row.tag == "tr")
        names = " ".join(c["source"] for c in self.citations.values())
        for number in NUMBER.findall(DATE.sub(" ", text)):
            if number.strip("+−-") not in near + names:
                self.faults.append(f"{number!r} in {text.strip()[:80]!r} leads to nothing")

    def _about_sources(self, text: str) -> None:
        known = " ".join(
            f"{c['source']} {c['file']} {c['kind']} {c['date']} {json.dumps(c['locator'])}"
            for c in self.citations.values()
        ) + " ".join(f["definition"] for f in self.facts.values())
        for number in NUMBER.findall(DATE.sub(" ", text)):
            if number.strip("+−-") not in known:
                self.faults.append(f"{number!r} in {text.strip()[:80]!r} is not told of any source")

    def _place(self, n: int, text: str) -> None:
        page = re.search(r"page (\d+)", text)
        if page is not None and self.citations[n]["locator"].get("page") != int(page[1]):
            self.faults.append(f"{text!r} names another page than citation {n}")

    # --- figures ----------------------------------------------------------------------------------------------
    def _shown(self, n: int, text: str, scale: int) -> None:
        value = float(self.facts[n]["value"])
        plain = DATE.sub(" ", text)
        for number in NUMBER.findall(plain):
            power = scale + next((p for word, p in SCALE.items() if f" {word}" in plain), 0)
            worth = _number(number) * 10**power / (100 if f"{number}%" in plain or "percentage" in plain else 1)
            step = 10.0 ** (power - (2 if "%" in plain else 0)) / 10 ** len(number.partition(".")[2])
            if abs(abs(worth) - abs(value)) > step / 2 * 1.0001 + 1e-9 * abs(value):
                self.faults.append(f"{text.strip()!r} is shown for fact {n}, which is {value}")
            signed = value < 0 and step / 2 < abs(value)
            if signed and not number.startswith(("−", "-")) and "lower by" not in self._around(n):
                self.faults.append(f"{text.strip()!r} hides the sign of fact {n}")

    def _around(self, n: int) -> str:
        return " ".join(c["text"] for c in self.claims if n in c["citations"])

    def _fact(self, n: int) -> None:
        fact = self.facts[n]
        inputs = {i["name"]: float(i["value"]) for i in fact["inputs"]}
        try:
            value = compute(fact["formula"], inputs)
        except (ValueError, SyntaxError, ZeroDivisionError, KeyError) as error:
            self.faults.append(f"fact {n} ({fact['name']}): {fact['formula']!r} cannot be computed: {error}")
            return
        if not math.isclose(value, float(fact["value"]), rel_tol=1e-6, abs_tol=1e-9):
            self.faults.append(f"fact {n} ({fact['name']}): the formula gives {value}, not {fact['value']}")
        for item in fact["inputs"]:
            cited = item["citation"]
            if cited in self.facts:
                if float(self.facts[cited]["value"]) != float(item["value"]):
                    self.faults.append(f"fact {n}: {item['name']} is not the value of [{cited}]")
            elif cited not in self.citations:
                self.faults.append(f"fact {n}: nothing proves {item['name']}")
            elif not _printed(float(item["value"]), self.citations[cited]["quote"]):
                self.faults.append(f"fact {n}: {item['name']} = {item['value']} is not printed in [{cited}]")

    # --- words ------------------------------------------------------------------------------------------------
    def _quoted(self, n: int, text: str) -> None:
        if n not in self.citations:
            self.faults.append(f"a quotation of [{n}], which is no citation")
        elif _bare(text) not in _bare(self.citations[n]["quote"]):
            self.faults.append(f"the words shown for [{n}] are not its quote: {text.strip()[:60]!r}")

    def _citation(self, n: int) -> None:
        cited = self.citations[n]
        file = self.files.get(cited["sha256"])
        if file is None:
            self.faults.append(f"[{n}]: no file with the hash of {cited['file']}")
            return
        page, line = cited["locator"].get("page"), cited["locator"].get("line")
        if file.suffix == ".pdf":
            if _bare(cited["quote"]) not in self._page(file, page):
                self.faults.append(f"[{n}] does not stand on page {page} of {file.name}: {cited['quote'][:60]!r}")
        elif line:
            lines = _text_of(file).splitlines()
            wanted = cited["quote"].splitlines()
            if lines[line - 1] != wanted[0] or not set(wanted) <= set(lines):
                self.faults.append(f"[{n}] does not stand at line {line} of {file.name}")
        elif _bare(cited["quote"]) not in self._page(file, 0):
            self.faults.append(f"[{n}] does not stand in {file.name}: {cited['quote'][:60]!r}")

    def _page(self, file: Path, page: int) -> str:
        if (file.name, page) not in self.pages and page == 0:
            self.pages[file.name, page] = _bare(html.fromstring(_text_of(file).encode()).text_content())
        elif (file.name, page) not in self.pages:
            with pdfium.PdfDocument(file) as pdf:
                self.pages[file.name, page] = _bare(pdf[page - 1].get_textpage().get_text_range())
        return self.pages[file.name, page]


MARKS = tuple(
    f"data-{m}"
    for m in "mark locator citation fact exact input formula meta withheld missing".split()  # noqa: SIM905
)


def _mark(element: Any) -> str | None:
    return next((m for m in MARKS if element.get(m) is not None), None)


def _bare(text: str) -> str:
    """Characters without white space or the hyphens of line ends: extractors differ in nothing else."""
    text = unicodedata.normalize("NFKC", text).replace("\ufffe", "-").replace("\u0002", "-")
    return re.sub(r"\s", "", re.sub(r"(?<=\w)-\s*\n\s*(?=\w)", "", text))


def _text_of(file: Path) -> str:
    import gzip

    raw = file.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")


def _number(text: str) -> float:
    return float(re.sub(r"[^\d.\-E+]", "", text.replace("−", "-")))


def _meets(shown: float, value: float, text: str) -> bool:
    return math.isclose(shown, value, rel_tol=1e-6, abs_tol=0.5 * 10 ** -len(text.strip().partition(".")[2]))


def _printed(value: float, quote: str) -> bool:
    """Whether the quote prints the value's digits, at whatever scale its table states."""
    digits = re.sub(r"0+$", "", re.sub(r"\D", "", f"{abs(value):.6f}".rstrip("0").rstrip("."))).lstrip("0")
    found = {re.sub(r"0+$", "", re.sub(r"\D", "", x)).lstrip("0") for x in re.findall(r"\d[\d,]*(?:\.\d+)?", quote)}
    return digits in found or (value == 0 and bool(re.search(r"[—–-]", quote)))


def compute(formula: str, inputs: dict[str, float]) -> float:
    """The formula by Python's arithmetic: inputs become names, series become lists."""
    names: dict[str, Any] = {}
    text = formula
    series = re.findall(r"each\(([^()]+)\)", text)
    for k, prefix in enumerate(series):
        text = text.replace(f"each({prefix})", f"series{k}")
        names[f"series{k}"] = [v for n, v in inputs.items() if n.startswith(prefix + " ")]
    for k, name in enumerate(sorted(inputs, key=len, reverse=True)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f" v{k} ", text)
        names[f"v{k}"] = inputs[name]
    return float(_walk(ast.parse(text.strip().replace("^", "**"), mode="eval").body, names))


_OPERATORS: dict[type, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
                               ast.Div: operator.truediv, ast.Pow: operator.pow}  # fmt: skip
_CALLS: dict[str, Any] = {
    "average": lambda *a: statistics.fmean(a), "sqrt": math.sqrt, "abs": abs, "stdev": statistics.stdev,
    "max": max, "min": min, "sum": lambda *a: sum(a),
    "log_returns": lambda a: [math.log(y / x) for x, y in pairwise(a)],
}  # fmt: skip


def _walk(node: ast.AST, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_walk(node.operand, names)
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_walk(node.left, names), _walk(node.right, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _CALLS[node.func.id](*[_walk(a, names) for a in node.args])
    raise ValueError(ast.dump(node))


# --- the demo company's report --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> tuple[Path, dict[str, Any]]:
    """The demo filings ingested and their report written through the command line."""
    import os
    import subprocess

    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(weights, target_is_directory=True)
    out = home / "report.html"
    data = ROOT / "data" / "finance"
    env = {**os.environ, "PLUMBLINE_HOME": str(home)}

    def run(*args: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *map(str, args)], env=env, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("ingest", *sorted(data.glob("*.pdf")), "-v", "finance", "-c", "demo")
    told = run(
        "report",
        "--company",
        "Penstock",
        "-c",
        "demo",
        "--prices",
        data / "penstock-prices.csv",
        "--out",
        out,
        "--json",
    )
    return out, json.loads(told)


@pytest.mark.slow
def test_every_number_of_a_report_leads_to_its_source_or_formula(built: tuple[Path, dict[str, Any]]) -> None:
    report = Report(built[0], [ROOT / "data" / "finance"])
    assert report.check() == []
    assert report.traced > 300


@pytest.mark.slow
def test_what_the_command_tells_is_what_the_report_holds(built: tuple[Path, dict[str, Any]]) -> None:
    told = built[1]
    report = Report(built[0], [])
    assert set(told) == {"out", "claims", "facts", "dropped", "missing", "seconds"}
    assert (told["claims"], told["facts"]) == (len(report.claims), len(report.facts))
    assert told["claims"] >= 30 and told["facts"] >= 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">USD 805.9 million<", ">USD 815.9 million<"),  # a figure altered in the text
        ('"value": "805896000"', '"value": "805986000"'),  # an input altered in the evidence
        ("several companies much larger", "several companies much smaller"),  # a quotation altered
        ("<h2>Thesis</h2>", "<h2>Thesis</h2><p>Revenue will reach 950 million.</p>"),  # a number out of nowhere
    ],
)
def test_the_trace_finds_what_was_tampered_with(
    built: tuple[Path, dict[str, Any]], tmp_path: Path, old: str, new: str
) -> None:
    page = built[0].read_text(encoding="utf-8")
    assert old in page
    forged = tmp_path / "forged.html"
    forged.write_text(page.replace(old, new), encoding="utf-8")
    assert Report(forged, [ROOT / "data" / "finance"]).check()


@pytest.mark.slow
def test_a_report_needs_no_network(built: tuple[Path, dict[str, Any]]) -> None:
    tree = html.fromstring(built[0].read_bytes())
    assert not tree.xpath("//script[@src] | //link | //img | //iframe")
    assert all(a.get("href").startswith("#") for a in tree.xpath("//a"))
    assert "http" not in "".join(tree.xpath("//style/text()"))


if __name__ == "__main__":
    checked = Report(Path(sys.argv[1]), [Path(a) for a in sys.argv[2:]])
    faults = checked.check()
    print(f"{checked.traced} texts with numbers traced, {len(checked.facts)} facts, {len(checked.citations)} citations")
    print("\n".join(faults) or "no fault")
    sys.exit(bool(faults))
