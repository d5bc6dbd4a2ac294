"""The tables of the annual reports: which lines of the ledger each one prints, for which years, in which form.

A row is (label, cells) with None for an empty cell; a label that starts with "=" is a total, with "#" a heading.
"""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass, field

from ledger import Ledger

Row = tuple[str, list[object]]


@dataclass
class Grid:
    """One table: caption, unit line, column heads, rows."""

    caption: str
    heads: list[str]
    rows: list[Row]
    unit: str = "(in thousands)"
    over: str = ""
    """Line over the column heads: "Year ended December 31,"."""
    money: bool = True
    widths: list[float] = field(default_factory=list)


def statements(L: Ledger, y: int) -> dict[str, Grid]:
    """The five primary statements of fiscal year `y`."""
    flows, ends = [y, y - 1, y - 2], [y, y - 1]

    def f(values: dict[int, float], sign: int = 1) -> list[object]:
        return [sign * values[t] for t in flows]

    def b(values: dict[int, int]) -> list[object]:
        return [values[t] for t in ends]

    year, at = "Year ended December 31,", "December 31,"
    income = Grid(
        "CONSOLIDATED STATEMENTS OF INCOME", [str(t) for t in flows],
        [("#Revenue:", []), ("Products", f(L.product_revenue)), ("Services", f(L.service_revenue)),
         ("=Total revenue", f(L.revenue)), ("#Cost of revenue:", []), ("Cost of products", f(L.product_cost)),
         ("Cost of services", f(L.service_cost)), ("=Total cost of revenue", f(L.cost)), ("=Gross profit", f(L.gross)),
         ("#Operating expenses:", []), ("Selling, general and administrative", f(L.sga)),
         ("Research and development", f(L.rnd)), ("Amortization of intangible assets", f(L.amortization)),
         ("Restructuring charges", f(L.restructuring)), ("=Total operating expenses", f(L.opex)),
         ("=Operating income", f(L.operating)), ("Interest expense", f(L.interest, -1)),
         ("Other income (expense), net", f(L.other_income)), ("=Income before income taxes", f(L.pretax)),
         ("Provision for income taxes", f(L.tax)), ("=Net income", f(L.net)), ("#Earnings per share:", []),
         ("Basic", [f"{L.eps_basic[t]:.2f}" for t in flows]), ("Diluted", [f"{L.eps_diluted[t]:.2f}" for t in flows]),
         ("#Weighted average shares outstanding:", []), ("Basic shares", f(L.basic_shares)),
         ("Diluted shares", f(L.diluted_shares)),
         ("Dividends declared per share", [f"{L.dps[t]:.2f}" for t in flows])],
        "(in thousands, except per share data)", year)  # fmt: skip
    comprehensive = Grid(
        "CONSOLIDATED STATEMENTS OF COMPREHENSIVE INCOME", [str(t) for t in flows],
        [("=Net income", f(L.net)), ("#Other comprehensive income (loss), net of tax:", []),
         ("Foreign currency translation adjustments", f(L.fx)), ("Gain (loss) on interest rate swap", f(L.swap)),
         ("=Other comprehensive income (loss)", f(L.oci)), ("=Comprehensive income", f(L.comprehensive))],
        "(in thousands)", year)  # fmt: skip
    balance = Grid(
        "CONSOLIDATED BALANCE SHEETS", [str(t) for t in ends],
        [("#ASSETS", []), ("#Current assets:", []), ("Cash and cash equivalents", b(L.cash)),
         ("Accounts receivable, net", b(L.receivables)), ("Contract assets", b(L.contract_assets)),
         ("Inventories", b(L.inventories)), ("Prepaid expenses and other current assets", b(L.prepaid)),
         ("=Total current assets", b(L.current_assets)), ("Property, plant and equipment, net", b(L.ppe)),
         ("Operating lease right-of-use assets", b(L.lease_assets)), ("Goodwill", b(L.goodwill)),
         ("Intangible assets, net", b(L.intangibles)), ("Other assets", b(L.other_assets)),
         ("=Total assets", b(L.assets)), ("#LIABILITIES AND STOCKHOLDERS' EQUITY", []), ("#Current liabilities:", []),
         ("Current portion of long-term debt", b(L.debt_current)), ("Accounts payable", b(L.payables)),
         ("Accrued compensation", b(L.accrued_pay)), ("Contract liabilities", b(L.contract_liabilities)),
         ("Current operating lease liabilities", b(L.lease_current)),
         ("Accrued and other current liabilities", b(L.accrued_other)),
         ("=Total current liabilities", b(L.current_liabilities)),
         ("Long-term debt, less current portion", b(L.debt_long)),
         ("Noncurrent operating lease liabilities", b(L.lease_long)), ("Deferred income taxes", b(L.deferred_tax)),
         ("Other liabilities", b(L.other_liabilities)), ("=Total liabilities", b(L.liabilities)),
         ("Commitments and contingencies (Note 14)", []), ("#Stockholders' equity:", []),
         ("Common stock, $0.01 par value; 37,100,000 shares issued", b(L.common)),
         ("Additional paid-in capital", b(L.paid_in)), ("Retained earnings", b(L.retained)),
         ("Accumulated other comprehensive loss", b(L.aoci)), ("Treasury stock, at cost", b(L.treasury)),
         ("=Total stockholders' equity", b(L.equity)),
         ("=Total liabilities and stockholders' equity", b(L.assets))],
        "(in thousands, except share and per share data)", at)  # fmt: skip
    cash = Grid(
        "CONSOLIDATED STATEMENTS OF CASH FLOWS", [str(t) for t in flows],
        [("#Cash flows from operating activities:", []), ("Net income", f(L.net)),
         ("#Adjustments to reconcile net income to net cash provided by operating activities:", []),
         ("Depreciation", f(L.depreciation)), ("Amortization of intangible assets", f(L.amortization)),
         ("Stock-based compensation", f(L.stock_compensation)), ("Deferred income taxes", f(L.deferred_tax_expense)),
         ("Amortization of debt issuance costs", f(L.issue_cost_amortization)),
         ("Write-down of property and equipment", f(L.write_down)),
         ("(Gain) loss on disposal of equipment", f(L.gain_on_disposal, -1)),
         ("#Changes in operating assets and liabilities, net of acquisition:", []),
         ("Accounts receivable", f(L.d_receivables)), ("Contract assets", f(L.d_contract_assets)),
         ("Inventories", f(L.d_inventories)), ("Prepaid expenses and other assets", f(L.d_prepaid)),
         ("Accounts payable", f(L.d_payables)), ("Contract liabilities", f(L.d_contract_liabilities)),
         ("Accrued and other liabilities", f(L.d_accrued)),
         ("=Net cash provided by operating activities", f(L.operating_cash)),
         ("#Cash flows from investing activities:", []), ("Purchases of property, plant and equipment", f(L.capex, -1)),
         ("Acquisition of business, net of cash acquired", f(L.acquisition, -1)),
         ("Proceeds from disposal of equipment", f(L.disposal_proceeds)),
         ("=Net cash used in investing activities", f(L.investing_cash)),
         ("#Cash flows from financing activities:", []), ("Proceeds from term loan", f(L.term_loan_drawn)),
         ("Repayments of term loan", f(L.term_loan_repaid, -1)),
         ("Net borrowings (repayments) under revolving facility", f(L.revolver_net)),
         ("Payment of debt issuance costs", f(L.issue_costs_paid, -1)), ("Dividends paid", f(L.dividends, -1)),
         ("Repurchases of common stock", f(L.repurchases, -1)),
         ("Proceeds from employee stock plans", f(L.stock_plan_proceeds)),
         ("Taxes paid on shares withheld", f(L.withheld, -1)),
         ("=Net cash provided by (used in) financing activities", f(L.financing_cash)),
         ("Effect of exchange rate changes on cash", f(L.cash_fx)),
         ("=Net increase (decrease) in cash and cash equivalents", f(L.cash_change)),
         ("Cash and cash equivalents at beginning of year", [L.cash[t - 1] for t in flows]),
         ("=Cash and cash equivalents at end of year", f(L.cash)), ("#Supplemental disclosures:", []),
         ("Cash paid for interest", f(L.interest_paid)), ("Cash paid for income taxes", f(L.tax_paid))],
        "(in thousands)", year)  # fmt: skip
    equity = Grid(
        "CONSOLIDATED STATEMENTS OF STOCKHOLDERS' EQUITY",
        ["Common stock", "Paid-in capital", "Retained earnings", "AOCI", "Treasury stock", "Total"],
        [], "(in thousands)", widths=[58] * 6)  # fmt: skip
    for t in reversed(flows):
        p = t - 1
        if t == y - 2:
            equity.rows.append(_equity_balance(L, p))
        plans = L.stock_plan_proceeds[t] - L.withheld[t]
        equity.rows += [
            ("Net income", [None, None, L.net[t], None, None, L.net[t]]),
            ("Other comprehensive income (loss)", [None, None, None, L.oci[t], None, L.oci[t]]),
            ("Dividends declared", [None, None, -L.dividends[t], None, None, -L.dividends[t]]),
            ("Stock-based compensation", [None, L.stock_compensation[t], None, None, None, L.stock_compensation[t]]),
            ("Employee stock plans, net", [None, plans, None, None, None, plans]),
            ("Repurchases of common stock", [None, None, None, None, -L.repurchases[t], -L.repurchases[t]]),
            _equity_balance(L, t),
        ]
    return {
        "income": income,
        "comprehensive": comprehensive,
        "balance": balance,
        "cash": cash,
        "equity": equity,
    }


def _equity_balance(L: Ledger, t: int) -> Row:
    cells: list[object] = [L.common[t], L.paid_in[t], L.retained[t], L.aoci[t], L.treasury[t], L.equity[t]]
    assert sum(c for c in cells[:-1] if isinstance(c, int)) == L.equity[t]
    return (f"=Balance at December 31, {t}", cells)


def notes(L: Ledger, y: int) -> dict[str, Grid]:
    """All tables outside the primary statements."""
    flows, ends = [y, y - 1, y - 2], [y, y - 1]
    fh, eh = [str(t) for t in flows], [str(t) for t in ends]
    year, at = "Year ended December 31,", "December 31,"

    def f(values: dict[int, float], sign: int = 1) -> list[object]:
        return [sign * values[t] for t in flows]

    def b(values: dict[int, int], sign: int = 1) -> list[object]:
        return [sign * values[t] for t in ends]

    def split(parts: dict[str, dict[int, float]], total: str, of: dict[int, float]) -> list[Row]:
        for t in flows:
            assert sum(p[t] for p in parts.values()) == of[t], (total, t)
        return [*((name, f(p)) for name, p in parts.items()), (f"={total}", f(of))]

    def of_revenue(values: dict[int, float]) -> list[object]:
        return [f"{values[t] / L.revenue[t] * 100:.1f}%" for t in flows]

    a = L.acquired
    out = {
        "results": Grid("Results of operations as a percentage of revenue", fh,
            [("Revenue", ["100.0%"] * 3), ("Gross profit", of_revenue(L.gross)),
             ("Selling, general and administrative", of_revenue(L.sga)), ("Research and development", of_revenue(L.rnd)),
             ("Operating income", of_revenue(L.operating)), ("Net income", of_revenue(L.net))], "", year, money=False),
        "segment_results": Grid("Segment revenue and segment income", fh,
            [("#Revenue:", []), *split(L.seg_revenue, "Total revenue", L.revenue), ("#Segment income:", []),
             *((n, f(s)) for n, s in L.seg_income.items())], over=year),
        "liquidity": Grid("Summary of cash flows", fh,
            [("Net cash provided by operating activities", f(L.operating_cash)),
             ("Net cash used in investing activities", f(L.investing_cash)),
             ("Net cash provided by (used in) financing activities", f(L.financing_cash)),
             ("Effect of exchange rate changes on cash", f(L.cash_fx)),
             ("=Net increase (decrease) in cash and cash equivalents", f(L.cash_change))], over=year),
        "revenue_geography": Grid("Revenue by location of the customer", fh,
            split(L.geography, "Total revenue", L.revenue), over=year),
        "revenue_market": Grid("Revenue by end market", fh, split(L.end_market, "Total revenue", L.revenue), over=year),
        "revenue_timing": Grid("Revenue by time of recognition", fh,
            split({"At a point in time": L.at_a_point, "Over time": L.over_time}, "Total revenue", L.revenue), over=year),
        "inventories": Grid("Inventories", eh,
            [("Raw materials and purchased components", b(L.raw)), ("Work in process", b(L.in_process)),
             ("Finished goods", b(L.finished)), ("=Total inventories", b(L.inventories))], over=at),
        "ppe": Grid("Property, plant and equipment", eh,
            [("Land", b(L.land)), ("Buildings and improvements", b(L.buildings)),
             ("Machinery and equipment", b(L.machinery)), ("Construction in progress", b(L.in_progress)),
             ("=Property, plant and equipment, gross",
              [L.land[t] + L.buildings[t] + L.machinery[t] + L.in_progress[t] for t in ends]),
             ("Less accumulated depreciation", b(L.accumulated, -1)),
             ("=Property, plant and equipment, net", b(L.ppe))], over=at),
        "goodwill": Grid("Changes in goodwill", eh,
            [("Balance at beginning of year", [L.goodwill[t - 1] for t in ends]),
             ("Acquisition of Clearline Membranes", [a["goodwill"] if t == 2023 else 0 for t in ends]),
             ("Currency translation", [L.goodwill_fx[t] for t in ends]),
             ("=Balance at end of year", b(L.goodwill))], over=year),
        "intangibles": Grid("Intangible assets", eh,
            [*((n, b(g)) for n, g in L.intangibles_gross.items()),
             ("Less accumulated amortization", b(L.intangibles_accumulated, -1)),
             ("=Intangible assets, net", b(L.intangibles))], over=at),
        "acquisition": Grid("Assets acquired and liabilities assumed at March 31, 2023", ["Fair value"],
            [("Accounts receivable", [a["receivables"]]), ("Inventories", [a["inventories"]]),
             ("Prepaid expenses", [a["prepaid"]]), ("Property, plant and equipment", [a["ppe"]]),
             ("Intangible assets", [a["intangibles"]]), ("Goodwill", [a["goodwill"]]),
             ("Accounts payable", [-a["payables"]]), ("Contract liabilities", [-a["contract_liabilities"]]),
             ("Accrued liabilities", [-a["accrued_other"]]), ("Deferred income taxes", [-a["deferred_tax"]]),
             ("=Purchase price, net of cash acquired", [L.acquisition[2023]])]),
        "accrued": Grid("Accrued and other current liabilities", eh,
            [("Product warranty", b(L.warranty)), ("Provision for loss contracts", b(L.contract_loss)),
             ("Restructuring", b(L.restructuring_accrual)), ("Taxes, interest and other", b(L.accrued_rest)),
             ("=Accrued and other current liabilities", b(L.accrued_other))], over=at),
        "debt": Grid("Debt", eh,
            [("Senior notes, 4.15%, due December 2029", b(L.notes_due_2029)),
             ("Term loan due March 2028", b(L.term_loan)), ("Revolving credit facility", b(L.revolver)),
             ("Less unamortized issuance costs", b(L.issue_costs, -1)), ("=Total debt", b(L.debt_total)),
             ("Less current portion", b(L.debt_current, -1)),
             ("=Long-term debt, less current portion", b(L.debt_long))], over=at),
        "tax_provision": Grid("Provision for income taxes", fh,
            [("Current federal", f(L.tax_current_federal)), ("Current state", f(L.tax_current_state)),
             ("Current foreign", f(L.tax_current_foreign)), ("Deferred", f(L.deferred_tax_expense)),
             ("=Provision for income taxes", f(L.tax))], over=year),
        "tax_rate": Grid("Reconciliation of the provision", fh,
            [("Tax at the federal rate of 21%", f(L.tax_federal)), ("State taxes, net of federal benefit", f(L.tax_state)),
             ("Foreign rate differences", f(L.tax_foreign)), ("Research credits", f(L.tax_credits)),
             ("Other", f(L.tax_other)), ("=Provision for income taxes", f(L.tax))], over=year),
        "eps": Grid("Computation of earnings per share", fh,
            [("Net income", f(L.net)), ("Weighted average shares, basic", f(L.basic_shares)),
             ("Effect of dilutive stock awards", f(L.dilution)), ("Weighted average shares, diluted", f(L.diluted_shares)),
             ("Basic earnings per share", [f"{L.eps_basic[t]:.2f}" for t in flows]),
             ("Diluted earnings per share", [f"{L.eps_diluted[t]:.2f}" for t in flows])],
            "(in thousands, except per share data)", year),
        "properties": Grid("Principal sites", ["Use", "Area (thousand sq ft)", "Owned or leased"],
            [("Duluth, Minnesota", ["Foundry, pumps, headquarters", "612", "Owned"]),
             ("Monterrey, Mexico", ["Valves, small pumps", "284", "Owned"]),
             ("Rochester, Minnesota", ["Membranes" + ("; new plant under construction" if y == 2024 else ""),
                                       "318" if y == 2024 else "138", "Owned"]),
             ("Breda, Netherlands", ["Treatment systems, Europe", "121", "Leased"]),
             ("Chandler, Arizona", ["Service, semiconductor customers", "46", "Leased"]),
             ("Tulsa, Oklahoma", ["Closed; " + ("sold in March 2024" if y == 2024 else "held for sale"),
                                  "196" if y == 2023 else "0", "Owned" if y == 2023 else "Sold"]),
             (("74" if y == 2024 else "66") + " service depots", ["Parts and field service", "410" if y == 2024 else "365",
                                                               "Leased"])], "", money=False,
            widths=[190, 100, 80]),
    }  # fmt: skip
    out.update(_lists(L, y))
    return out


def _lists(L: Ledger, y: int) -> dict[str, Grid]:
    """Tables of what falls due after the balance sheet, and the segment and warranty tables."""
    flows = [y, y - 1, y - 2]

    def f(values: dict[int, float], sign: int = 1) -> list[object]:
        return [sign * values[t] for t in flows]

    due = {2024: [6_750, 6_750, 9_000, 58_500, 125_000, 0], 2023: [4_500, 6_750, 6_750, 9_000, 80_500, 125_000]}[y]
    assert sum(due) == L.notes_due_2029[y] + L.term_loan[y] + L.revolver[y]
    years = [str(y + i) for i in range(1, 6)] + ["Thereafter"]
    lease = L.lease_due[y]
    liability = L.lease_current[y] + L.lease_long[y]
    commit = L.purchase_obligations[y]
    segments: list[Row] = []
    for name in L.seg_revenue:
        segments += [(f"#{name}:", []), ("Revenue", f(L.seg_revenue[name])), ("Segment income", f(L.seg_income[name])),
                     ("Capital expenditures", f(L.seg_capex[name]))]  # fmt: skip
    segments += [
        ("#Reconciliation to consolidated:", []),
        ("Total segment income", [sum(s[t] for s in L.seg_income.values()) for t in flows]),
        ("Corporate expense", f(L.seg_corporate, -1)),
        ("Amortization of intangible assets", f(L.amortization, -1)),
        ("Restructuring charges", f(L.restructuring, -1)),
        ("=Operating income", f(L.operating)),
        ("Corporate capital expenditures", f(L.seg_capex["Corporate"])),
        ("=Total capital expenditures", f(L.capex)),
    ]
    issued = [round(L.product_revenue[t] * 0.012) for t in (y, y - 1)]
    opening = [L.warranty[t - 1] for t in (y, y - 1)]
    used = [o + i - L.warranty[t] for o, i, t in zip(opening, issued, (y, y - 1), strict=True)]
    return {
        "maturities": Grid(
            f"Maturities of debt at December 31, {y}",
            ["Amount"],
            [*((n, [d]) for n, d in zip(years, due, strict=True)), ("=Total principal", [sum(due)])],
        ),
        "leases": Grid(
            f"Lease payments due at December 31, {y}",
            ["Amount"],
            [
                *((n, [d]) for n, d in zip(years, lease, strict=True)),
                ("=Total lease payments", [sum(lease)]),
                ("Less imputed interest", [liability - sum(lease)]),
                ("=Operating lease liabilities", [liability]),
            ],
        ),
        "commitments": Grid(
            f"Purchase obligations at December 31, {y}",
            ["Amount"],
            [
                (str(y + 1), [commit[0]]),
                (str(y + 2), [commit[1]]),
                ("Thereafter", [commit[2]]),
                ("=Total purchase obligations", [sum(commit)]),
            ],
        ),
        "segments": Grid("Segment information", [str(t) for t in flows], segments, over="Year ended December 31,"),
        "warranty": Grid(
            "Changes in product warranty",
            [str(y), str(y - 1)],
            [
                ("Balance at beginning of year", list[object](opening)),
                ("Accrued on products shipped", list[object](issued)),
                ("Claims paid", [-u for u in used]),
                ("=Balance at end of year", [L.warranty[y], L.warranty[y - 1]]),
            ],
            over="Year ended December 31,",
        ),
    }
