"""The report: what passes no gate is withheld and listed, wrong calls say what would be right, and nothing of a filing
can act in the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

from core.errors import PlumblineError, UsageError
from core.indexing import ingest
from core.settings import Settings
from core.vertical import vertical
from core.workspace import Workspace
from verticals.finance import charts
from verticals.finance.report import build
from verticals.finance.report.company import open_company, rows, threshold
from verticals.finance.report.evidence import Evidence
from verticals.finance.report.parts import Ref, Section, ref
from verticals.finance.report.render import _figures
from verticals.finance.statements.frame import Frame

DATA = Path(__file__).resolve().parents[3] / "data" / "finance"
PRICES = DATA / "penstock-prices.csv"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Path:
    """A home that holds the demo company's two annual reports."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "models").symlink_to(weights, target_is_directory=True)
    with Workspace.open(Settings(home=folder)) as workspace:
        done = ingest(workspace, sorted(DATA.glob("*.pdf")), vertical("finance"), "demo")
        assert not done.failed
    return folder


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with Workspace.open(Settings(home=home)) as opened:
        yield opened


# --- data of the room ---------------------------------------------------------------------------------------------
def test_every_row_of_a_table_is_a_known_metric_and_every_threshold_names_its_source() -> None:
    from verticals.finance.metrics import metric

    for section in ("results", "position", "cash", "returns", "peers"):
        assert rows(section)
        assert all(metric(spec.metric).name == spec.metric for spec in rows(section))
    folder = Path(charts.__file__).parent / "report"
    for line in (folder / "thresholds.tsv").read_text().splitlines()[1:]:
        name, _, meaning, source = line.split("\t")
        assert meaning and source and threshold(name) is not None


# --- what reaches the page is text ----------------------------------------------------------------------------------
def test_words_of_a_filing_cannot_become_markup() -> None:
    shown = str(_figures(["<script>alert(1)</script>", Ref(1, '"><img src=x>')], {}))
    assert "<script" not in shown and "<img" not in shown


def test_a_chart_prints_each_figure_at_its_mark_and_has_no_axis_numbers() -> None:
    from decimal import Decimal

    points = [(Ref(7, "12.5", 6), Decimal("12.5e6")), (Ref(8, "−3.0", 6), Decimal("-3e6"))]
    chart = charts.bars("Profit & loss", "USD million", ["FY2023", "FY2024"], [("Profit", points)])
    tree = html.fragment_fromstring(chart.svg)
    assert [a.get("data-fact") for a in tree.xpath(".//a")] == ["7", "8"]
    assert [t.text for t in tree.xpath(".//text[starts-with(@class,'val')]")] == ["12.5", "−3.0"]
    assert [t.text for t in tree.xpath(".//text[@class='tick']")] == ["FY2023", "FY2024"]
    assert tree.xpath("string(.//desc)") and tree.xpath("string(.//title)").startswith("Profit & loss")


# --- gates ----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_sentence_whose_number_is_not_its_figure_is_withheld_with_what_rests_on_it(workspace: Workspace) -> None:
    evidence = Evidence(workspace, "demo")
    company = open_company(evidence, Frame.load(workspace, "demo", "Penstock Water Technologies"))
    revenue = company.fact("revenue")
    assert revenue is not None
    section = Section("x", "X")
    section.say("Revenue of FY2024 was ", ref(revenue), ".", key="right")
    section.say("Revenue of FY2024 was ", ref(revenue, "USD 815.9 million"), ".", key="wrong")
    section.judge("The business appears large.", on=["right"])
    section.judge("The business appears larger.", on=["wrong"])
    gated = evidence.gate([section], [])
    assert [c.text for c in gated.claims] == ["Revenue of FY2024 was USD 805.9 million.", "The business appears large."]
    assert [d.text for d in evidence.dropped] == [
        "Revenue of FY2024 was USD 815.9 million.",
        "The business appears larger.",
    ]


@pytest.mark.slow
def test_each_judgement_rests_on_claims_and_is_worded_as_one(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    build(workspace, "demo", "Penstock", out, prices=PRICES)
    told = json.loads(html.fromstring(out.read_bytes()).get_element_by_id("evidence").text)
    judged = [c for c in told["claims"] if c["kind"] == "judgement"]
    assert len(judged) >= 4
    for claim in judged:
        assert "appear" in claim["text"]
        assert claim["based_on"]
        assert all(told["claims"][i]["kind"] == "computed" for i in claim["based_on"])


@pytest.mark.slow
def test_the_report_holds_figures_worked_out_by_hand(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    build(workspace, "demo", "Penstock", out, prices=PRICES)
    told = json.loads(html.fromstring(out.read_bytes()).get_element_by_id("evidence").text)
    facts = {(f["name"], f["period"]): f["number"] for f in told["facts"]}
    assert facts["revenue", "FY2024"] == 805_896_000
    assert facts["gross margin", "FY2024"] == pytest.approx(291_137 / 805_896)
    assert facts["free cash flow", "FY2024"] == (129_394 - 58_645) * 1000
    assert facts["net debt", "FY2024"] == (6_750 + 198_065 - 70_614) * 1000
    # Close of 2024-12-31 in the price file over diluted earnings per share of FY2024.
    assert facts["price to earnings", "2024-12-31"] == pytest.approx(53.15 / 2.28)
    assert facts["share price return over one year", "2024-02-28 to 2025-02-28"] == pytest.approx(55.72 / 42.12 - 1)


@pytest.mark.slow
def test_without_prices_the_report_says_that_they_are_missing(workspace: Workspace, tmp_path: Path) -> None:
    told = build(workspace, "demo", "Penstock", tmp_path / "r.html")
    assert any("no price file" in m for m in told["missing"])
    assert "Market trend" not in (tmp_path / "r.html").read_text(encoding="utf-8")


# --- wrong calls ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_an_unknown_company_lists_those_of_the_collection(home: Path, tmp_path: Path) -> None:
    from core.cli.tree import build as tree

    done = CliRunner(env={"PLUMBLINE_HOME": str(home)}).invoke(
        tree(), ["report", "--company", "Nonesuch", "-c", "demo", "--out", str(tmp_path / "r.html")]
    )
    assert isinstance(done.exception, PlumblineError)
    assert done.exception.exit_code == 1
    assert "Penstock Water Technologies" in str(done.exception)
    assert not (tmp_path / "r.html").exists()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx", ".txt", ""])
def test_other_formats_are_refused_by_name(workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UsageError, match=re.escape(suffix) if suffix else "no format"):
        build(workspace, "demo", "Penstock", tmp_path / f"report{suffix}")


@pytest.mark.slow
def test_an_unknown_collection_lists_those_there_are(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="demo"):
        build(workspace, "elsewhere", "Penstock", tmp_path / "r.html")
