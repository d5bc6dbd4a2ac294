"""The lexical index: BM25, numbers as terms, Chinese, removal."""

from __future__ import annotations

from pathlib import Path

from core.evidence import Locator, Passage
from core.indexing.lexical import LexicalIndex, cjk_terms


def passage(name: str, text: str, source: str = "s") -> Passage:
    return Passage(name, source, 0, "text", text, Locator(line=1))


def index(folder: Path) -> LexicalIndex:
    opened = LexicalIndex(folder / "lexical")
    opened.add(
        [
            passage("capex", "Purchases of property, plant and equipment (1,577)"),
            passage("debt", "Repayment of long-term debt (1,034)", "t"),
            passage("zh", "公司的总部设在上海。"),
            passage("ja", "本社は東京にあります。"),
        ]
    )
    return opened


def ids(hits: list[tuple[str, float]]) -> list[str]:
    return [i for i, _ in hits]


def test_words_match_in_their_stems_and_numbers_as_written(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    assert ids(lexical.search("purchase of properties", 5)) == ["capex"]
    assert ids(lexical.search("1,577", 5)) == ["capex"]
    assert ids(lexical.search("577", 5)) == []


def test_chinese_and_japanese_match_by_characters_and_pairs(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    assert ids(lexical.search("总部在哪里", 5))[0] == "zh"
    assert ids(lexical.search("東京", 5))[0] == "ja"
    assert cjk_terms("上海ab京") == ["上", "海", "上海", "京"]


def test_search_keeps_to_the_named_sources(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    assert ids(lexical.search("property debt", 5, ["t"])) == ["debt"]
    assert lexical.search("property", 5, []) == []


def test_a_removed_passage_is_gone_also_after_reopening_and_from_the_files(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    lexical.add([passage("secret", "The code is QX9911")])
    assert ids(lexical.search("QX9911", 5)) == ["secret"]
    lexical.remove(["secret"])
    assert lexical.search("QX9911", 5) == []
    assert "secret" not in LexicalIndex(tmp_path / "lexical").ids()


def test_adding_again_does_not_double(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    lexical.add([passage("capex", "Purchases of property, plant and equipment (1,577)")])
    assert lexical.count() == 4
    assert ids(lexical.search("property", 5)) == ["capex"]


def test_a_query_of_stop_words_alone_is_no_error(tmp_path: Path) -> None:
    assert index(tmp_path).search("what is the", 5) == []
