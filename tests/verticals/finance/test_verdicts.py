"""Rules for verdicts: each has a test, a meaning and a source, and the majority decides."""

from __future__ import annotations

from decimal import Decimal

from verticals.finance.metrics import metrics
from verticals.finance.verdicts import majority, rule, rules


def test_every_rule_is_for_a_known_metric_and_says_where_it_comes_from() -> None:
    for members in rules().values():
        for r in members:
            assert r.metric == "" or r.metric in metrics()
            assert r.test in (">=", "<=")
            assert r.means
            assert r.source


def test_a_threshold_itself_passes() -> None:
    r = rule("healthy", "quick_ratio")
    assert r is not None
    assert r.holds(Decimal("1.00"))
    assert not r.holds(Decimal("0.99"))


def test_a_ceiling_is_passed_from_below() -> None:
    r = rule("healthy", "debt_to_equity")
    assert r is not None
    assert r.holds(Decimal("0.5"))
    assert not r.holds(Decimal("2.5"))


def test_most_of_the_conditions_make_a_business_capital_intensive() -> None:
    light = {
        "capex_to_revenue": Decimal("0.05"),
        "fixed_assets_to_assets": Decimal("0.2"),
        "capital_intensity": Decimal("1.6"),
    }
    heavy = {**light, "fixed_assets_to_assets": Decimal("0.6")}
    assert majority("capital_intensive", light) == (False, 1, 3)
    assert majority("capital_intensive", heavy) == (True, 2, 3)


def test_there_is_no_rule_where_no_threshold_makes_sense() -> None:
    assert rule("healthy", "effective_tax_rate") is None
