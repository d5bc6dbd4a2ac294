"""The packaged embedder and reranker: right, repeatable, and each text judged by itself."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.errors import ModelUnavailable
from core.models import embedder, reranker
from core.models.base import Embedder, Reranker
from core.models.manifest import packaged
from core.settings import Settings

pytestmark = pytest.mark.slow

TEXTS = [
    "Revenue rose to 5 million dollars in 2022.",
    "Cats are fluffy animals that sleep most of the day. " * 20,
    "",
    "Purchases of property, plant and equipment were (1,749).",
    "每股收益",
]


@pytest.fixture
def model(settings_with_models: Settings) -> Embedder:
    return embedder(settings_with_models)


@pytest.fixture
def ranker(settings_with_models: Settings) -> Reranker:
    return reranker(settings_with_models)


def test_vectors_have_the_declared_form_and_length_one(model: Embedder) -> None:
    rows = model.embed_array(TEXTS)
    assert rows.shape == (5, 384) and rows.dtype == np.float32 and model.dimensions == 384
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert model.embed_array([]).shape == (0, 384)


def test_a_vector_depends_on_its_text_alone(model: Embedder) -> None:
    together = model.embed_array(TEXTS)
    assert np.array_equal(together[::-1], model.embed_array(TEXTS[::-1]))
    for text, row in zip(TEXTS, together, strict=True):
        assert np.array_equal(model.embed_array([text])[0], row)


def test_langchain_s_methods_give_the_same_vectors(model: Embedder) -> None:
    assert np.array_equal(np.asarray(model.embed_documents(TEXTS[:2]), dtype=np.float32), model.embed_array(TEXTS[:2]))


def test_a_query_is_told_from_a_passage(model: Embedder) -> None:
    # The instruction is that of the model's card (BAAI/bge-small-en-v1.5).
    said = "Represent this sentence for searching relevant passages: What was revenue?"
    assert model.embed_query("What was revenue?") == model.embed_array([said])[0].tolist()


def test_the_passage_that_answers_is_nearest(model: Embedder) -> None:
    scores = model.embed_array(TEXTS) @ np.asarray(model.embed_query("How much was spent on capital expenditure?"))
    assert int(scores.argmax()) == 3


def test_text_beyond_512_tokens_is_not_read(model: Embedder) -> None:
    long = "revenue " * 510
    a, b, c = model.embed_array([long, long + "cats " * 100, "revenue " * 500 + "cats " * 10])
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_threads_may_share_the_model(model: Embedder) -> None:
    expected = model.embed_array(TEXTS)
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(bool(np.array_equal(model.embed_array(TEXTS), expected))))
        for _ in range(4)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [True] * 4


def test_it_is_loaded_once(settings_with_models: Settings, model: Embedder) -> None:
    assert embedder(settings_with_models) is model
    assert embedder(settings_with_models.model_copy(update={"threads": 1})) is not model


def test_the_reranker_gives_the_scores_of_the_model_s_card(ranker: Reranker) -> None:
    # cross-encoder/ms-marco-MiniLM-L-12-v2, model card: 9.218911 and -4.0780287 (float weights; ours are int8).
    scores = ranker.score(
        "How many people live in Berlin?",
        [
            "Berlin had a population of 3,520,031 registered inhabitants in an area of 891.82 square kilometers.",
            "Berlin is well known for its museums.",
        ],
    )
    assert scores == pytest.approx([9.22, -4.08], abs=0.25)


def test_a_score_does_not_depend_on_the_other_candidates(ranker: Reranker) -> None:
    together = ranker.score("What was revenue?", TEXTS)
    assert together.shape == (5,) and together.dtype == np.float32
    assert [float(ranker.score("What was revenue?", [t])[0]) for t in TEXTS] == together.tolist()
    assert ranker.score("What was revenue?", []).shape == (0,)


def test_damaged_weights_name_the_remedy(settings: Settings) -> None:
    model = packaged()["bge-small-en-v1.5"]
    for file in model.files:
        path = settings.models_dir / model.name / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * file.bytes)
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded\. Run `plumbline models install bge-small-en-v1\.5`"):
        embedder(settings)
