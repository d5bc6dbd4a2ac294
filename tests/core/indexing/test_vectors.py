"""Vector segments in real Chroma folders: complete when listed, rewritten on removal, merged when many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.indexing.vectors import MANY, Segment, Vectors


def unit(seed: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).normal(size=8).astype(np.float32)
    return vector / np.linalg.norm(vector)


def write(vectors: Vectors, seeds: range, source: str = "s") -> None:
    segment = vectors.fresh()
    segment.add([f"p{i}" for i in seeds], np.stack([unit(i) for i in seeds]), [source] * len(seeds))
    segment.close()
    vectors.listed.append(segment.folder.name)


def test_the_nearest_of_all_segments_come_first_with_their_similarity(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, [])
    write(vectors, range(10))
    write(vectors, range(10, 20), "t")
    hits = vectors.search(unit(13), 3)
    assert hits[0][0] == "p13"
    assert abs(hits[0][1] - 1.0) < 1e-4
    assert [i for i, _ in vectors.search(unit(13), 3, ["s"])] != []
    assert all(int(i[1:]) < 10 for i, _ in vectors.search(unit(13), 20, ["s"]))


def test_an_unlisted_segment_is_never_searched_and_is_taken_up_by_the_next_writer(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, [])
    write(vectors, range(5))
    left = vectors.fresh()
    left.add(["half"], np.stack([unit(99)]), ["s"])
    left.close()
    assert "half" not in {i for i, _ in vectors.search(unit(99), 10)}
    again = vectors.unfinished()
    assert again.folder == left.folder
    assert again.ids() == {"half"}


def test_removal_rewrites_the_segment_and_leaves_nothing_on_disk(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, [])
    write(vectors, range(5))
    write(vectors, range(5, 8))
    before = set(vectors.listed)
    listed = vectors.rewritten({"p6"})
    vectors.retire(listed)
    assert vectors.ids() == {f"p{i}" for i in range(8) if i != 6}
    assert len(before & set(listed)) == 1
    assert {f.name for f in tmp_path.iterdir()} == set(listed)
    assert not any(b"p6" in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_many_small_segments_are_merged_into_one(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, [])
    for start in range(0, 3 * MANY, 3):
        write(vectors, range(start, start + 3))
    listed = vectors.rewritten(set())
    vectors.retire(listed)
    assert len(listed) == 1
    assert vectors.count() == 3 * MANY


def test_a_broken_unfinished_folder_is_replaced(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "chroma.sqlite3").write_bytes(b"garbage" * 100)
    segment = Vectors(tmp_path, []).unfinished()
    assert isinstance(segment, Segment)
    assert segment.count() == 0
