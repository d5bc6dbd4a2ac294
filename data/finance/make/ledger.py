"""The books of Penstock Water Technologies, Inc. (a fictitious company), 2020 to 2024, in thousands of US dollars.

What is decided is written down as a drive of the business (sales, costs, closing balances, capital spending); what
follows from it (income, cash flow, equity, note totals) is computed here, and `check` asserts that everything ties.
Both annual reports are printed from this one ledger.
"""

from __future__ import annotations

YEARS = (2021, 2022, 2023, 2024)
BALANCES = (2020, *YEARS)


def flow(*amounts: float) -> dict[int, float]:
    """Amounts of the years 2021 to 2024."""
    return dict(zip(YEARS, amounts, strict=True))


def closing(*amounts: int) -> dict[int, int]:
    """Balances at the year ends 2020 to 2024."""
    return dict(zip(BALANCES, amounts, strict=True))


class Ledger:
    """All figures by name and year. Costs and uses of cash are positive here; the printer sets the signs."""

    def __init__(self) -> None:
        self._income()
        self._positions()
        self._cash_flow()
        self._equity()
        self._notes()
        self.check()

    # --- income -----------------------------------------------------------------------------------------------
    def _income(self) -> None:
        self.product_revenue = flow(431_286, 462_871, 503_418, 566_092)
        self.service_revenue = flow(152_940, 171_655, 201_367, 239_804)
        self.product_cost = flow(291_549, 326_787, 340_311, 371_356)
        self.service_cost = flow(96_352, 108_486, 123_841, 143_403)
        self.sga = flow(98_134, 105_902, 121_476, 133_318)
        self.rnd = flow(21_032, 23_478, 27_487, 33_041)
        self.amortization = flow(6_210, 6_210, 10_874, 13_122)
        self.restructuring = flow(0, 0, 11_634, 2_187)
        self.interest = flow(6_318, 6_704, 12_106, 12_238)
        self.other_income = flow(412, -638, 905, 1_276)
        self.revenue = {y: self.product_revenue[y] + self.service_revenue[y] for y in YEARS}
        self.cost = {y: self.product_cost[y] + self.service_cost[y] for y in YEARS}
        self.gross = {y: self.revenue[y] - self.cost[y] for y in YEARS}
        self.opex = {y: self.sga[y] + self.rnd[y] + self.amortization[y] + self.restructuring[y] for y in YEARS}
        self.operating = {y: self.gross[y] - self.opex[y] for y in YEARS}
        self.pretax = {y: self.operating[y] - self.interest[y] + self.other_income[y] for y in YEARS}
        # The tax rate is built up line by line, as the note prints it.
        self.tax_federal = {y: round(self.pretax[y] * 0.21) for y in YEARS}
        self.tax_state = flow(1_842, 1_603, 1_688, 2_871)
        self.tax_foreign = flow(1_107, 1_251, 1_046, 1_384)
        self.tax_credits = flow(-1_498, -1_702, -2_015, -2_946)
        self.tax_other = flow(-318, -264, 452, -190)
        self.tax = {
            y: self.tax_federal[y] + self.tax_state[y] + self.tax_foreign[y] + self.tax_credits[y] + self.tax_other[y]
            for y in YEARS
        }
        self.net = {y: self.pretax[y] - self.tax[y] for y in YEARS}
        self.basic_shares = flow(33_912, 33_655, 33_402, 33_168)
        self.dilution = flow(375, 316, 346, 422)
        self.diluted_shares = {y: self.basic_shares[y] + self.dilution[y] for y in YEARS}
        self.eps_basic = {y: round(self.net[y] / self.basic_shares[y], 2) for y in YEARS}
        self.eps_diluted = {y: round(self.net[y] / self.diluted_shares[y], 2) for y in YEARS}
        self.dps = flow(0.40, 0.44, 0.48, 0.56)
        self.dividends = {y: round(self.dps[y] * self.basic_shares[y]) for y in YEARS}

    # --- positions --------------------------------------------------------------------------------------------
    def _positions(self) -> None:
        self.receivables = closing(94_120, 101_870, 112_940, 128_316, 141_902)
        self.contract_assets = closing(18_204, 21_377, 29_846, 26_118, 24_690)
        self.inventories = closing(88_412, 96_733, 121_508, 118_264, 123_871)
        self.prepaid = closing(11_530, 12_104, 13_872, 15_240, 16_385)
        self.lease_assets = closing(19_870, 18_245, 21_606, 23_940, 25_118)
        self.payables = closing(52_318, 58_904, 66_217, 64_870, 71_345)
        self.accrued_pay = closing(20_145, 22_870, 19_316, 24_508, 31_077)
        self.contract_liabilities = closing(17_640, 19_225, 24_811, 36_940, 52_386)
        self.accrued_other = closing(19_884, 21_016, 30_245, 27_718, 26_904)
        self.lease_current = closing(4_980, 4_722, 5_316, 5_885, 6_204)
        self.lease_long = {y: self.lease_assets[y] + 640 - self.lease_current[y] for y in BALANCES}
        self.other_liabilities = closing(12_870, 13_105, 12_488, 14_216, 13_640)
        self.notes_due_2029 = closing(125_000, 125_000, 125_000, 125_000, 125_000)
        self.term_loan = closing(0, 0, 0, 85_500, 81_000)
        self.revolver = closing(38_000, 30_000, 38_000, 22_000, 0)
        self.issue_costs = closing(960, 800, 640, 1_545, 1_185)
        self.issue_cost_amortization = flow(160, 160, 345, 360)
        self.debt_current = closing(0, 0, 0, 4_500, 6_750)
        self.debt_total = {
            y: self.notes_due_2029[y] + self.term_loan[y] + self.revolver[y] - self.issue_costs[y] for y in BALANCES
        }
        self.debt_long = {y: self.debt_total[y] - self.debt_current[y] for y in BALANCES}
        # The purchase of Clearline Membranes, 31 March 2023.
        self.acquired = {
            "receivables": 6_840, "inventories": 9_216, "prepaid": 610, "ppe": 14_620, "intangibles": 44_600,
            "goodwill": 41_730, "payables": 5_117, "contract_liabilities": 3_290, "accrued_other": 2_139,
            "deferred_tax": 9_870,
        }  # fmt: skip
        a = self.acquired
        assets = sum(a[k] for k in ("receivables", "inventories", "prepaid", "ppe", "intangibles", "goodwill"))
        self.acquisition = flow(
            0, 0, assets - a["payables"] - a["contract_liabilities"] - a["accrued_other"] - a["deferred_tax"], 0
        )
        # Property, goodwill and intangible assets are rolled forward.
        self.capex = flow(24_716, 28_433, 36_982, 58_645)
        self.depreciation = flow(21_934, 22_871, 24_908, 27_463)
        self.write_down = flow(0, 0, 2_815, 0)
        self.disposed = flow(610, 482, 1_125, 715)
        self.disposal_proceeds = flow(742, 395, 1_910, 804)
        self.ppe_fx = flow(-310, -1_120, 640, -980)
        self.goodwill_fx = flow(-420, -1_385, 802, -1_214)
        self.cash_fx = flow(-310, -715, 463, -550)
        self.swap_gain = flow(0, 0, 1_310, -486)
        self.swap_tax = flow(0, 0, 302, -112)
        self.ppe, self.goodwill, self.intangibles = {2020: 142_318}, {2020: 118_465}, {2020: 58_930}
        self.deferred_tax, self.other_assets = {2020: 21_340}, {2020: 9_211}
        self.deferred_tax_expense = flow(-1_120, -2_604, -3_218, -4_402)
        self.other_assets_spent = flow(653, 1_178, 904, 1_362)
        for y in YEARS:
            bought = a if y == 2023 else dict.fromkeys(a, 0)
            self.ppe[y] = (
                self.ppe[y - 1] + self.capex[y] - self.depreciation[y] - self.disposed[y] - self.write_down[y]
                + self.ppe_fx[y] + bought["ppe"]
            )  # fmt: skip
            self.goodwill[y] = self.goodwill[y - 1] + self.goodwill_fx[y] + bought["goodwill"]
            self.intangibles[y] = self.intangibles[y - 1] - self.amortization[y] + bought["intangibles"]
            self.deferred_tax[y] = (
                self.deferred_tax[y - 1] + self.deferred_tax_expense[y] + self.swap_tax[y] + bought["deferred_tax"]
            )
            self.other_assets[y] = self.other_assets[y - 1] + self.other_assets_spent[y] + self.swap_gain[y]

    # --- cash -------------------------------------------------------------------------------------------------
    def _change(self, name: str, y: int, liability: bool = False) -> float:
        """Cash effect of a working capital balance's change, without what an acquisition brought in."""
        balance = getattr(self, name)
        change = balance[y] - balance[y - 1] - (self.acquired.get(name, 0) if y == 2023 else 0)
        return change if liability else -change

    def _cash_flow(self) -> None:
        self.stock_compensation = flow(6_120, 6_845, 7_932, 9_410)
        self.gain_on_disposal = {y: self.disposal_proceeds[y] - self.disposed[y] for y in YEARS}
        self.d_receivables = {y: self._change("receivables", y) for y in YEARS}
        self.d_contract_assets = {y: self._change("contract_assets", y) for y in YEARS}
        self.d_inventories = {y: self._change("inventories", y) for y in YEARS}
        self.d_prepaid = {y: self._change("prepaid", y) - self.other_assets_spent[y] for y in YEARS}
        self.d_payables = {y: self._change("payables", y, True) for y in YEARS}
        self.d_contract_liabilities = {y: self._change("contract_liabilities", y, True) for y in YEARS}
        self.d_accrued = {
            y: self._change("accrued_pay", y, True)
            + self._change("accrued_other", y, True)
            + self._change("other_liabilities", y, True)
            for y in YEARS
        }
        self.operating_cash = {
            y: self.net[y] + self.depreciation[y] + self.amortization[y] + self.stock_compensation[y]
            + self.deferred_tax_expense[y] + self.issue_cost_amortization[y] + self.write_down[y]
            - self.gain_on_disposal[y] + self.d_receivables[y] + self.d_contract_assets[y] + self.d_inventories[y]
            + self.d_prepaid[y] + self.d_payables[y] + self.d_contract_liabilities[y] + self.d_accrued[y]
            for y in YEARS
        }  # fmt: skip
        self.investing_cash = {y: -self.capex[y] - self.acquisition[y] + self.disposal_proceeds[y] for y in YEARS}
        self.term_loan_drawn = flow(0, 0, 90_000, 0)
        self.term_loan_repaid = flow(0, 0, 4_500, 4_500)
        self.revolver_net = {y: self.revolver[y] - self.revolver[y - 1] for y in YEARS}
        self.issue_costs_paid = flow(0, 0, 1_250, 0)
        self.repurchases = flow(15_240, 12_108, 8_046, 20_317)
        self.stock_plan_proceeds = flow(2_210, 1_846, 2_395, 3_120)
        self.withheld = flow(1_604, 1_772, 1_938, 2_466)
        self.financing_cash = {
            y: self.term_loan_drawn[y] - self.term_loan_repaid[y] + self.revolver_net[y] - self.issue_costs_paid[y]
            - self.dividends[y] - self.repurchases[y] + self.stock_plan_proceeds[y] - self.withheld[y]
            for y in YEARS
        }  # fmt: skip
        self.cash_change = {
            y: self.operating_cash[y] + self.investing_cash[y] + self.financing_cash[y] + self.cash_fx[y] for y in YEARS
        }
        self.cash = {2020: 38_412}
        for y in YEARS:
            self.cash[y] = self.cash[y - 1] + self.cash_change[y]
        self.interest_paid = flow(6_142, 6_517, 11_688, 11_904)
        self.tax_paid = flow(14_870, 14_306, 15_902, 25_117)

    # --- equity and totals ------------------------------------------------------------------------------------
    def _equity(self) -> None:
        self.fx = {y: self.ppe_fx[y] + self.goodwill_fx[y] + self.cash_fx[y] for y in YEARS}
        self.swap = {y: self.swap_gain[y] - self.swap_tax[y] for y in YEARS}
        self.oci = {y: self.fx[y] + self.swap[y] for y in YEARS}
        self.comprehensive = {y: self.net[y] + self.oci[y] for y in YEARS}
        self.common = dict.fromkeys(BALANCES, 371)
        self.paid_in, self.aoci, self.treasury = {2020: 142_806}, {2020: -6_214}, {2020: -58_930}
        self.current_assets = {
            y: self.cash[y] + self.receivables[y] + self.contract_assets[y] + self.inventories[y] + self.prepaid[y]
            for y in BALANCES
        }
        self.assets = {
            y: self.current_assets[y] + self.ppe[y] + self.lease_assets[y] + self.goodwill[y] + self.intangibles[y]
            + self.other_assets[y]
            for y in BALANCES
        }  # fmt: skip
        self.current_liabilities = {
            y: self.debt_current[y] + self.payables[y] + self.accrued_pay[y] + self.contract_liabilities[y]
            + self.lease_current[y] + self.accrued_other[y]
            for y in BALANCES
        }  # fmt: skip
        self.liabilities = {
            y: self.current_liabilities[y] + self.debt_long[y] + self.lease_long[y] + self.deferred_tax[y]
            + self.other_liabilities[y]
            for y in BALANCES
        }  # fmt: skip
        # The opening retained earnings close the opening balance sheet; from there on everything is rolled forward.
        self.retained = {
            2020: self.assets[2020] - self.liabilities[2020] - self.common[2020] - self.paid_in[2020]
            - self.aoci[2020] - self.treasury[2020]
        }  # fmt: skip
        for y in YEARS:
            self.retained[y] = self.retained[y - 1] + self.net[y] - self.dividends[y]
            self.paid_in[y] = (
                self.paid_in[y - 1] + self.stock_compensation[y] + self.stock_plan_proceeds[y] - self.withheld[y]
            )
            self.aoci[y] = self.aoci[y - 1] + self.oci[y]
            self.treasury[y] = self.treasury[y - 1] - self.repurchases[y]
        self.equity = {
            y: self.common[y] + self.paid_in[y] + self.retained[y] + self.aoci[y] + self.treasury[y] for y in BALANCES
        }

    # --- notes ------------------------------------------------------------------------------------------------
    def _notes(self) -> None:
        # Segments: three of them; corporate cost is what is left.
        self.seg_revenue = {
            "Flow Equipment": flow(318_264, 338_905, 347_122, 362_870),
            "Treatment Systems": flow(113_022, 123_966, 156_296, 203_222),
            "Service and Aftermarket": dict(self.service_revenue),
        }
        self.seg_income = {
            "Flow Equipment": flow(45_512, 43_730, 46_908, 53_417),
            "Treatment Systems": flow(11_870, 1_204, 16_355, 31_606),
            "Service and Aftermarket": flow(37_116, 41_883, 52_094, 66_738),
        }
        self.seg_corporate = {
            y: sum(s[y] for s in self.seg_income.values())
            - self.operating[y]
            - self.amortization[y]
            - self.restructuring[y]
            for y in YEARS
        }
        self.seg_capex = {
            "Flow Equipment": flow(13_208, 14_117, 13_640, 14_482),
            "Treatment Systems": flow(5_904, 7_630, 15_871, 35_118),
            "Service and Aftermarket": flow(4_112, 5_020, 5_938, 7_204),
        }
        self.seg_capex["Corporate"] = {y: self.capex[y] - sum(s[y] for s in self.seg_capex.values()) for y in YEARS}
        self.geography = {
            "United States": flow(386_174, 422_594, 478_549, 557_680),
            "Canada and Mexico": flow(64_265, 68_529, 73_298, 81_396),
            "Europe": flow(88_802, 91_372, 97_965, 107_184),
        }
        self.geography["Asia-Pacific"] = {
            y: self.revenue[y] - sum(g[y] for g in self.geography.values()) for y in YEARS
        }
        self.over_time = flow(169_426, 187_185, 222_008, 276_422)
        self.at_a_point = {y: self.revenue[y] - self.over_time[y] for y in YEARS}
        self.end_market = {
            "Municipal drinking water and wastewater": flow(216_164, 238_582, 274_866, 332_030),
            "Semiconductor and electronics": flow(81_792, 93_275, 109_242, 128_138),
            "Food, beverage and pharmaceutical": flow(122_687, 129_443, 139_547, 148_285),
        }
        self.end_market["Power, mining and other industrial"] = {
            y: self.revenue[y] - sum(g[y] for g in self.end_market.values()) for y in YEARS
        }
        self.backlog = closing(231_400, 252_600, 318_900, 401_700, 512_300)
        # Inventories, property, accruals: the last line closes the note to the balance sheet.
        self.raw = closing(34_802, 39_115, 52_440, 48_206, 49_862)
        self.in_process = closing(21_330, 23_604, 30_917, 29_884, 32_140)
        self.finished = {y: self.inventories[y] - self.raw[y] - self.in_process[y] for y in BALANCES}
        self.land = closing(9_840, 9_840, 9_840, 11_615, 11_615)
        self.buildings = closing(88_214, 90_706, 93_118, 101_940, 106_322)
        self.machinery = closing(236_418, 249_306, 264_180, 284_716, 301_844)
        self.in_progress = closing(6_104, 7_215, 9_870, 17_402, 46_918)
        self.accumulated = {
            y: self.land[y] + self.buildings[y] + self.machinery[y] + self.in_progress[y] - self.ppe[y]
            for y in BALANCES
        }
        self.warranty = closing(7_420, 7_816, 8_344, 9_210, 10_066)
        self.contract_loss = closing(0, 0, 9_850, 4_120, 0)
        self.restructuring_accrual = closing(0, 0, 0, 3_486, 1_205)
        self.accrued_rest = {
            y: self.accrued_other[y] - self.warranty[y] - self.contract_loss[y] - self.restructuring_accrual[y]
            for y in BALANCES
        }
        self.tax_current = {y: self.tax[y] - self.deferred_tax_expense[y] for y in YEARS}
        self.tax_current_foreign = flow(2_905, 3_127, 3_318, 4_264)
        self.tax_current_state = flow(2_460, 2_388, 2_604, 3_917)
        self.tax_current_federal = {
            y: self.tax_current[y] - self.tax_current_foreign[y] - self.tax_current_state[y] for y in YEARS
        }
        self.lease_cost = flow(5_914, 6_208, 6_942, 7_420)
        self.lease_short = flow(812, 905, 1_044, 1_118)
        # Undiscounted lease payments due in the five years after a balance sheet, and after.
        self.lease_due = {
            2023: (6_804, 5_912, 4_870, 3_745, 2_903, 3_718),
            2024: (7_212, 6_304, 5_118, 4_006, 3_110, 3_695),
        }
        self.purchase_obligations = {2023: (31_400, 8_200, 2_100), 2024: (38_600, 11_900, 3_400)}
        self.intangibles_gross = {
            "Customer relationships": closing(61_200, 61_200, 61_200, 84_900, 84_900),
            "Developed technology": closing(24_300, 24_300, 24_300, 42_100, 42_100),
            "Trade names": closing(9_800, 9_800, 9_800, 12_900, 12_900),
        }
        self.intangibles_accumulated = {
            y: sum(g[y] for g in self.intangibles_gross.values()) - self.intangibles[y] for y in BALANCES
        }
        self.repurchased_shares = flow(402, 355, 226, 446)
        self.outstanding = {2024: 33_012_480, 2023: 33_287_115}
        self.employees = {2023: 2_940, 2024: 3_180}

    # --- ties -------------------------------------------------------------------------------------------------
    def check(self) -> None:
        """Asserts that the statements and notes tie out in every year."""
        for y in BALANCES:
            assert self.assets[y] == self.liabilities[y] + self.equity[y], ("balance sheet", y)
            assert self.cash[y] > 0 and self.retained[y] > 0, ("a going concern", y)
            assert min(self.finished[y], self.accumulated[y], self.accrued_rest[y]) > 0, ("note totals", y)
            assert self.intangibles_accumulated[y] > 0, ("intangible assets", y)
        for y in YEARS:
            assert self.cash[y] == self.cash[y - 1] + self.cash_change[y], ("cash", y)
            assert sum(s[y] for s in self.seg_revenue.values()) == self.revenue[y], ("segment revenue", y)
            assert (
                self.seg_revenue["Flow Equipment"][y] + self.seg_revenue["Treatment Systems"][y]
                == (self.product_revenue[y])
            ), ("product revenue", y)
            assert self.seg_corporate[y] > 0 and self.seg_capex["Corporate"][y] > 0, ("corporate", y)
            assert min(g[y] for g in self.geography.values()) > 0, ("geography", y)
            assert min(g[y] for g in self.end_market.values()) > 0, ("end markets", y)
            assert self.tax_current_federal[y] > 0, ("current tax", y)
            costs = self.issue_costs[y - 1] + self.issue_costs_paid[y] - self.issue_cost_amortization[y]
            assert self.issue_costs[y] == costs, ("issuance costs", y)
            drawn = self.term_loan[y - 1] + self.term_loan_drawn[y] - self.term_loan_repaid[y]
            assert self.term_loan[y] == drawn, ("term loan", y)
            assert abs(self.eps_diluted[y] * self.diluted_shares[y] - self.net[y]) <= 0.005 * self.diluted_shares[y]
        for y, due in self.lease_due.items():
            assert sum(due) > self.lease_current[y] + self.lease_long[y], ("imputed interest", y)


if __name__ == "__main__":
    L = Ledger()
    for name in ("revenue", "gross", "operating", "net", "operating_cash", "capex", "cash", "assets", "equity"):
        print(f"{name:20}", getattr(L, name))
