"""Inline XBRL: each tagged number with concept, period, unit, scale, sign, decimals and the cell that prints it.

Expected values follow the Inline XBRL 1.1 specification and the transformation registries; those of Apple's 10-K are
read from its printed statements.
"""

from __future__ import annotations

import gzip
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from core.evidence import Document, Period, Tagged, normalise
from core.reading.html import read_html
from core.reading.ixbrl_formats import transform, words

YEAR = Period(date(2024, 12, 31), date(2024, 1, 1))


def _filing(body: str, hidden: str = "", prefix: str = "us-gaap") -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:dei="http://xbrl.sec.gov/dei/2024"
 xmlns:{prefix}="http://fasb.org/us-gaap/2024"><head><title>acme-2024</title></head><body>
<div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>
<xbrli:context id="y"><xbrli:entity><xbrli:identifier scheme="cik">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:startDate>2024-01-01</xbrli:startDate><xbrli:endDate>2024-12-31</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:context id="i"><xbrli:entity><xbrli:identifier scheme="cik">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:instant>2024-12-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:context id="s"><xbrli:entity><xbrli:identifier scheme="cik">1</xbrli:identifier><xbrli:segment>
 <xbrldi:explicitMember dimension="{prefix}:StatementBusinessSegmentsAxis">acme:EuropeMember</xbrldi:explicitMember>
 <xbrldi:typedMember dimension="acme:LotAxis"><acme:lot xmlns:acme="urn:a">7</acme:lot></xbrldi:typedMember>
 </xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2024-01-01</xbrli:startDate>
 <xbrli:endDate>2025-01-01T00:00:00</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="sh"><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unit>
<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>
<xbrli:unit id="eps"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unitNumerator>
 <xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide></xbrli:unit>
</ix:resources></ix:header></div>{body}</body></html>""".encode()


def _fact(text: str, **attributes: str) -> str:
    given = {"name": "us-gaap:Revenues", "contextRef": "y", "unitRef": "usd", "id": "f1", **attributes}
    written = " ".join(k.replace("__", ":") + f'="{v}"' for k, v in given.items())
    return f"<ix:nonFraction {written}>{text}</ix:nonFraction>"


def _read(body: str, **more: str) -> Document:
    return read_html(_filing(body, **more), "acme.htm")


def _one(body: str, **more: str) -> Tagged:
    (tagged,) = _read(body, **more).tagged
    return tagged


class TestNumbers:
    def test_scale_sign_and_decimals(self) -> None:
        fact = _fact("1,749", format="ixt:num-dot-decimal", scale="6", sign="-", decimals="-6")
        tagged = _one(f"<p>Loss of ({fact}) million.</p>")
        assert (tagged.value, tagged.scale, tagged.decimals) == (Decimal(-1_749_000_000), 6, -6)
        assert (tagged.concept, tagged.unit, tagged.period, tagged.printed) == (
            "us-gaap:Revenues",
            "USD",
            YEAR,
            "1,749",
        )

    def test_fractions_keep_their_digits(self) -> None:
        fact = _fact("6.08", unitRef="eps", decimals="2", format="ixt:num-dot-decimal")
        assert (_one(f"<p>{fact}</p>").value, _one(f"<p>{fact}</p>").unit) == (Decimal("6.08"), "USD/shares")

    def test_percent_is_a_share(self) -> None:
        tagged = _one(
            f"<p>{_fact('24.1', unitRef='pure', scale='-2', decimals='3', format='ixt:num-dot-decimal')}%</p>"
        )
        assert (tagged.value, tagged.unit) == (Decimal("0.241"), "pure")

    @pytest.mark.parametrize(
        ("fmt", "text", "value"),
        [
            ("ixt:num-dot-decimal", "1,234.50", "1234.50"),
            ("ixt:numdotdecimal", "1 234.5", "1234.5"),
            ("ixt:num-comma-decimal", "1.234,50", "1234.50"),
            ("ixt:numcommadecimal", "1 234,5", "1234.5"),
            ("ixt:num-dot-decimal-apos", "1'234.5", "1234.5"),
            ("ixt:fixed-zero", "\u2014", "0"),
            ("ixt:zerodash", "-", "0"),
            ("ixt:num-unit-decimal", "5 dollars 7 cents", "5.07"),
            ("ixt-sec:numwordsen", "twenty-five", "25"),
            ("ixt-sec:numwordsen", "one hundred and two thousand", "102000"),
            ("ixt-sec:numwordsen", "no", "0"),
            ("", "12.5", "12.5"),
            ("", "\uff11\uff12", "12"),
        ],
    )
    def test_formats(self, fmt: str, text: str, value: str) -> None:
        assert transform(text, fmt) == Decimal(value)

    @pytest.mark.parametrize("text", ["", "n/a", "1.2.3", "12 (restated)"])
    def test_what_is_no_number_is_none(self, text: str) -> None:
        assert transform(text, "ixt:num-dot-decimal") is None
        assert words("several") is None

    def test_nil_is_no_number(self) -> None:
        assert _read(f"<p>a {_fact('', xsi__nil='true')}</p>").tagged == ()

    def test_an_unresolvable_fact_is_left_out_and_counted(self) -> None:
        document = _read(
            f"<p>{_fact('5', contextRef='gone')} {_fact('6', unitRef='gone', id='f2')} {_fact('x', id='f3')}</p>"
        )
        assert document.tagged == ()
        assert any("3 tagged numbers could not be resolved" in w for w in document.warnings)

    def test_nested_tags_share_the_printed_number(self) -> None:
        inner = _fact("77", id="f2", name="us-gaap:SalesRevenueNet", scale="3")
        document = _read(
            f"<table><tr><td>Sales</td><td>{_fact(inner, scale='3')}</td></tr><tr><td>x</td><td>1</td></tr></table>"
        )
        assert {(t.concept, t.value) for t in document.tagged} == {
            ("us-gaap:Revenues", Decimal(77000)),
            ("us-gaap:SalesRevenueNet", Decimal(77000)),
        }
        assert {(t.block, t.locator.row, t.locator.column) for t in document.tagged} == {(0, 0, 1)}

    def test_excluded_text_is_not_part_of_the_number(self) -> None:
        fact = _fact("1,<ix:exclude>page 7 </ix:exclude>234", format="ixt:num-dot-decimal")
        assert _one(f"<p>{fact}</p>").value == 1234


class TestContexts:
    def test_dimensions_are_sorted_pairs_and_midnight_ends_the_day_before(self) -> None:
        tagged = _one(f"<p>{_fact('5', contextRef='s')}</p>")
        assert tagged.dimensions == (
            ("acme:LotAxis", "7"),
            ("us-gaap:StatementBusinessSegmentsAxis", "acme:EuropeMember"),
        )
        assert tagged.period == YEAR

    def test_an_instant_has_no_start(self) -> None:
        assert _one(f"<p>{_fact('5', contextRef='i')}</p>").period == Period(date(2024, 12, 31))

    def test_another_prefix_for_a_known_taxonomy_is_brought_back_to_the_usual_one(self) -> None:
        tagged = _one(f"<p>{_fact('5', name='gaap:Revenues', contextRef='s')}</p>", prefix="gaap")
        assert tagged.concept == "us-gaap:Revenues"
        assert tagged.dimensions[1][0] == "us-gaap:StatementBusinessSegmentsAxis"


class TestPlaces:
    def test_a_number_in_a_table_knows_its_cell(self) -> None:
        rows = "<tr><td></td><td colspan='2'>2024</td></tr><tr><td>Net sales</td><td>$</td><td>{}</td></tr>"
        document = _read(
            f"<p>Statement</p><table>{rows.format(_fact('391,035', scale='6', format='ixt:num-dot-decimal'))}</table>"
        )
        (tagged,) = document.tagged
        block = document.blocks[tagged.block or 0]
        assert block.table is not None
        assert block.table.grid()[tagged.locator.row or 0] == ["Net sales", "$391,035"]
        assert (tagged.locator.element, tagged.locator.row, tagged.locator.column) == ("f1", 1, 1)

    def test_a_number_in_a_sentence_knows_its_block(self) -> None:
        document = _read(f"<p>Before.</p><p>We had {_fact('24', scale='6')} million units.</p>")
        (tagged,) = document.tagged
        assert tagged.block == 1
        assert document.blocks[1].text == "We had 24 million units."

    def test_a_hidden_number_is_tagged_but_stands_in_no_block(self) -> None:
        document = _read("<p>Cover</p>", hidden=_fact("5"))
        (tagged,) = document.tagged
        assert (tagged.value, tagged.block) == (5, None)
        assert [b.text for b in document.blocks] == ["Cover"]
        assert document.warnings == ()


class TestMeta:
    HIDDEN = (
        '<ix:nonNumeric name="dei:DocumentFiscalYearFocus" contextRef="y">2024</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:AmendmentFlag" contextRef="y">false</ix:nonNumeric>'
    )
    COVER = (
        '<p><ix:nonNumeric name="dei:DocumentType" contextRef="y">10-K</ix:nonNumeric> of '
        '<ix:nonNumeric name="dei:EntityRegistrantName" contextRef="y">ACME CORP</ix:nonNumeric>, year to '
        '<ix:nonNumeric name="dei:DocumentPeriodEndDate" contextRef="y" format="ixt:date-monthname-day-year-en">'
        "December 31, 2024</ix:nonNumeric> "
        '<ix:nonNumeric name="dei:CurrentFiscalYearEndDate" contextRef="y">December 31</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:DocumentAnnualReport" contextRef="y" format="ixt:fixed-true">&#9746;</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:TradingSymbol" contextRef="s">ACM</ix:nonNumeric></p>'
    )

    def test_what_the_cover_states_is_meta(self) -> None:
        document = _read(self.COVER, hidden=self.HIDDEN)
        expected = {
            "dei:DocumentType": "10-K",
            "dei:EntityRegistrantName": "ACME CORP",
            "dei:DocumentPeriodEndDate": "2024-12-31",
            "dei:CurrentFiscalYearEndDate": "--12-31",
            "dei:DocumentFiscalYearFocus": "2024",
            "dei:AmendmentFlag": "false",
            "dei:DocumentAnnualReport": "true",
            "dei:TradingSymbol": "ACM",
        }
        assert {k: document.meta.get(k) for k in expected} == expected
        assert document.title == "ACME CORP 10-K 2024-12-31"

    def test_a_number_on_the_cover_is_unscaled_in_meta(self) -> None:
        float_ = _fact("159.2", name="dei:EntityPublicFloat", scale="9", format="ixt:num-dot-decimal", contextRef="i")
        assert _read(f"<p>{float_} billion</p>").meta["dei:EntityPublicFloat"] == "159200000000"

    def test_a_statement_is_read_over_its_continuation(self) -> None:
        body = (
            '<p><ix:nonNumeric name="dei:EntityRegistrantName" contextRef="y" continuedAt="c1">ACME</ix:nonNumeric></p>'
            '<p><ix:continuation id="c1">CORP</ix:continuation></p>'
        )
        document = _read(body)
        assert document.meta["dei:EntityRegistrantName"] == "ACME CORP"
        assert [b.text for b in document.blocks] == ["ACME", "CORP"]


class TestBrokenMarkup:
    def test_a_filing_that_is_not_well_formed_gives_the_same_facts(self) -> None:
        fact = _fact("1,749", format="ixt:num-dot-decimal", scale="6")
        nil = '<ix:nonFraction name="us-gaap:Goodwill" contextRef="y" unitRef="usd" xsi:nil="true" id="f9"/>'
        whole = _filing(
            f"<table><tr><td>Sales</td><td>{fact}</td></tr><tr><td>None</td><td>{nil}</td></tr></table><p>End</p>"
        )
        broken = whole.replace(b"</body>", b"<p>unclosed <b></body>")
        one, other = read_html(whole, "a"), read_html(broken, "a")
        assert (one.media_type, other.media_type) == ("application/xhtml+xml", "text/html")
        assert [(t.concept, t.value, t.period, t.unit, t.locator) for t in other.tagged] == [
            (t.concept, t.value, t.period, t.unit, t.locator) for t in one.tagged
        ]
        assert [b.text for b in other.blocks][:2] == ["Sales\t1,749\nNone", "End"]
        assert any("not well-formed" in w for w in other.warnings)


@pytest.fixture(scope="module")
def filings(shared_data: Path) -> dict[str, tuple[bytes, Document]]:
    out = {}
    for path in sorted((shared_data / "finance" / "filings").glob("*.html.gz")):
        data = gzip.decompress(path.read_bytes())
        out[path.name] = (data, read_html(data, path.name))
    return out


@pytest.mark.slow
class TestFilings:
    def test_no_tagged_number_is_lost(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        """As many facts as the file has ix:nonFraction tags that are not nil (counted in the raw bytes)."""
        for name, (data, document) in filings.items():
            tags = data.split(b"<ix:nonFraction")[1:]
            nil = sum(b'xsi:nil="true"' in t[: t.index(b">")] for t in tags)
            assert len(document.tagged) == len(tags) - nil, name

    def test_apple_2024(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        document = filings["aapl-10-k-2024-11-01.html.gz"][1]
        year = Period(date(2024, 9, 28), date(2023, 10, 1))
        found = {
            (t.concept.partition(":")[2], t.value, t.unit)
            for t in document.tagged
            if t.period == year and not t.dimensions
        }
        assert {
            ("RevenueFromContractWithCustomerExcludingAssessedTax", Decimal(391_035_000_000), "USD"),
            ("NetIncomeLoss", Decimal(93_736_000_000), "USD"),
            ("EarningsPerShareDiluted", Decimal("6.08"), "USD/shares"),
        } <= found
        assert document.meta["dei:TradingSymbol"] == "AAPL"
        assert document.meta["dei:DocumentPeriodEndDate"] == "2024-09-28"

    def test_every_number_stands_in_the_cell_or_block_that_it_names(
        self, filings: dict[str, tuple[bytes, Document]]
    ) -> None:
        for name, (_, document) in filings.items():
            for tagged in document.tagged:
                assert tagged.block is not None, (name, tagged)
                block = document.blocks[tagged.block]
                if block.table is not None:
                    row, column = tagged.locator.row, tagged.locator.column
                    cell = next(c for c in block.table.cells if (c.row, c.column) == (row, column))
                    assert tagged.printed in cell.text, (name, tagged)
                else:
                    assert tagged.printed in block.text, (name, tagged)

    def test_items_of_a_10_k_are_its_headings(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        for name, (_, document) in filings.items():
            if "10-k" not in name:
                continue
            headings = [b.text.lower() for b in document.blocks if b.kind == "heading" and b.level == 2]
            for item in ("item 1.", "item 1a.", "item 7.", "item 7a.", "item 8.", "item 9a.", "item 15."):
                assert sum(h.startswith(item) for h in headings) == 1, (name, item)

    def test_statements_have_caption_unit_and_columns(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        """Each filing's cash flow statement: a column of labels and one a period (printed: three years, or two)."""
        for name, (_, document) in filings.items():
            if name.startswith("ibm"):
                continue
            tables = [
                b.table
                for b in document.blocks
                if b.table and "cash flows" in b.table.caption.lower() and b.table.rows > 25
            ]
            assert len(tables) == 1, name
            assert tables[0].columns == (4 if "10-k" in name else 3), name
            assert "illions" in tables[0].unit, name

    def test_every_block_stands_at_its_element(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        """Against an independent reading: plain lxml text of the element named, white space aside."""
        for name, (data, document) in filings.items():
            root = etree.fromstring(data)
            by_id = {e.get("id"): e for e in root.iter() if e.get("id")}
            squeezed: dict[str, str] = {}
            for block in document.blocks:
                where = block.locator.element or ""
                if where not in squeezed:
                    element = by_id.get(where) if where[0] != "/" else _by_path(root, where)
                    assert element is not None, (name, where)
                    squeezed[where] = _squeezed("".join(str(t) for t in element.itertext()))
                assert _squeezed(block.text) in squeezed[where], (name, where)

    def test_a_filing_is_read_in_seconds(self, filings: dict[str, tuple[bytes, Document]]) -> None:
        """The largest here has 3.9 MB; processor time, so that other work on the machine does not count."""
        data = max((d for d, _ in filings.values()), key=len)
        started = time.process_time()
        read_html(data, "large")
        assert time.process_time() - started < 3


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", normalise(text))


def _by_path(root: etree._Element, path: str) -> etree._Element | None:
    """A path as an XPath over local names, by lxml's own engine."""
    steps = []
    for step in path.strip("/").split("/"):
        name, _, position = step.partition("[")
        steps.append(f"*[local-name()='{name}'][{position or '1]'}" if name != "*" else f"*[{position}")
    found = root.xpath("/" + "/".join(steps))
    return found[0] if found else None
