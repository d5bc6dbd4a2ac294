"""Models of the Transformers library from a folder: tiny ones, built here with random weights and a real tokenizer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from core.errors import MissingExtra, ModelUnavailable, UsageError
from core.models import chat, embedder, reranker
from core.settings import Settings

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytestmark = pytest.mark.slow

CORPUS = ["revenue rose to five million dollars", "cats sleep most of the day", "the company paid a dividend in 2022"]


def tokenizer_files(folder: Path, special: list[str]) -> int:
    """Trains a small byte-level tokenizer, saves it for Transformers and returns its vocabulary's size."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        CORPUS, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet)
    )
    names = {"pad_token": special[0], "eos_token": special[-1], "bos_token": special[-1]}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names).save_pretrained(folder)
    return tokenizer.get_vocab_size()


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of two layers without a chat template."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    folder = tmp_path_factory.mktemp("gpt2")
    size = tokenizer_files(folder, ["<|endoftext|>"])
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=size, n_positions=64, n_embd=32, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0)
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT encoder of two layers with sentence-transformers' own files (CLS pooling, 16 tokens, a query prompt)."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("bert")
    size = tokenizer_files(folder, ["[PAD]", "[END]"])
    torch.manual_seed(0)
    BertModel(bert_config(BertConfig, size)).save_pretrained(folder)
    (folder / "modules.json").write_text(
        json.dumps([{"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])
    )
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 16}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "query: "}}))
    return folder


def bert_config(kind: type, size: int) -> object:
    return kind(
        vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, num_labels=1,
    )  # fmt: skip


class TestChat:
    def test_a_gpt2_without_a_chat_template_generates(self, settings: Settings, gpt2: Path) -> None:
        model = chat(settings, f"hf:{gpt2}")
        reply = model.invoke("revenue rose to")
        assert reply.text
        assert reply.usage_metadata and 0 < reply.usage_metadata["output_tokens"] <= 32
        assert model.invoke("revenue rose to").text == reply.text

    def test_it_is_what_transformers_pipeline_generates(self, settings: Settings, gpt2: Path) -> None:
        from transformers import pipeline

        made = pipeline("text-generation", model=str(gpt2))(
            "revenue rose to", max_new_tokens=8, do_sample=False, return_full_text=False
        )
        assert chat(settings, f"hf:{gpt2}").invoke("revenue rose to", max_tokens=8).text == made[0]["generated_text"]

    def test_it_streams_what_it_generates(self, settings: Settings, gpt2: Path) -> None:
        model = chat(settings, f"hf:{gpt2}")
        assert "".join(c.text for c in model.stream("cats sleep")) == model.invoke("cats sleep").text

    def test_a_long_prompt_keeps_its_end(self, settings: Settings, gpt2: Path) -> None:
        model = chat(settings, f"hf:{gpt2}")
        end = "the company paid a dividend in 2022 " * 8
        assert model.invoke("cats " * 100 + end).text == model.invoke("revenue " * 100 + end).text

    def test_a_stop_word_ends_the_reply(self, settings: Settings, gpt2: Path) -> None:
        model = chat(settings, f"hf:{gpt2}")
        whole = model.invoke("cats sleep").text
        stop = whole[2:4]
        assert model.invoke("cats sleep", stop=[stop]).text == whole.partition(stop)[0]
        assert "".join(c.text for c in model.stream("cats sleep", stop=[stop])) == whole.partition(stop)[0]

    def test_messages_follow_the_model_s_template_where_it_has_one(self, settings: Settings, gpt2: Path) -> None:
        model = chat(settings, f"hf:{gpt2}")
        messages = [SystemMessage("Be brief."), HumanMessage("Hello")]
        assert model.prompt(messages) == "Be brief.\n\nHello"  # type: ignore[attr-defined]
        template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<assistant>"
        model.pipeline.tokenizer.chat_template = template  # type: ignore[attr-defined]
        try:
            assert model.prompt(messages) == "<system>Be brief.<user>Hello<assistant>"  # type: ignore[attr-defined]
        finally:
            model.pipeline.tokenizer.chat_template = None  # type: ignore[attr-defined]


class TestEmbedder:
    def test_pooling_length_and_prompt_are_the_model_s_own(self, settings: Settings, bert: Path) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        model = embedder(settings, f"hf:{bert}")
        text = "query: " + CORPUS[0] * 4
        fed = AutoTokenizer.from_pretrained(bert)(text, truncation=True, max_length=16, return_tensors="pt")
        assert fed["input_ids"].shape[1] == 16
        with torch.inference_mode():
            first = AutoModel.from_pretrained(bert)(**fed).last_hidden_state[0, 0].numpy()
        assert model.embed_query(CORPUS[0] * 4) == pytest.approx((first / np.linalg.norm(first)).tolist(), abs=1e-5)

    def test_padding_changes_no_vector(self, settings: Settings, bert: Path) -> None:
        model = embedder(settings, f"hf:{bert}")
        together = model.embed_array([*CORPUS, "x"])
        alone = np.concatenate([model.embed_array([t]) for t in (*CORPUS, "x")])
        assert together == pytest.approx(alone, abs=1e-5)

    def test_other_weights_have_another_version(self, settings: Settings, bert: Path, tmp_path: Path) -> None:
        import shutil

        import torch
        from transformers import AutoModel

        other = shutil.copytree(bert, tmp_path / "bert")
        assert (
            embedder(settings, f"hf:{other}").version.partition("@")[2]
            == (embedder(settings, f"hf:{bert}").version.partition("@")[2])
        )
        tuned = AutoModel.from_pretrained(other)
        with torch.no_grad():
            next(tuned.parameters()).add_(1.0)
        tuned.save_pretrained(other)
        fresh = settings.model_copy(update={"seed": 8})
        assert (
            embedder(fresh, f"hf:{other}").version.partition("@")[2]
            != (embedder(settings, f"hf:{bert}").version.partition("@")[2])
        )

    def test_minilm_gives_the_similarities_of_its_makers(self, settings_with_models: Settings) -> None:
        # sentence-transformers documentation, quickstart: similarities of these sentences by all-MiniLM-L6-v2.
        rows = embedder(settings_with_models, "packaged:all-MiniLM-L6-v2").embed_array(
            ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
        )
        assert (rows @ rows.T)[np.triu_indices(3, 1)] == pytest.approx([0.6660, 0.1046, 0.1411], abs=1e-3)


def test_a_sequence_classifier_reranks(settings: Settings, tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    size = tokenizer_files(tmp_path, ["[PAD]", "[END]"])
    torch.manual_seed(1)
    BertForSequenceClassification(bert_config(BertConfig, size)).save_pretrained(tmp_path)
    model = reranker(settings, f"hf:{tmp_path}")
    scores = model.score("what rose?", CORPUS)
    fed = AutoTokenizer.from_pretrained(tmp_path)("what rose?", CORPUS[1], return_tensors="pt")
    with torch.inference_mode():
        logit = BertForSequenceClassification.from_pretrained(tmp_path)(**fed).logits[0, 0].item()
    assert scores.shape == (3,) and float(scores[1]) == pytest.approx(logit, abs=1e-5)


def test_a_folder_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no folder and no model of the hub"):
        embedder(settings, f"hf:{tmp_path}/nowhere/at/all")


def test_a_folder_without_a_model_is_named(settings: Settings, tmp_path: Path) -> None:
    for load in (embedder, reranker, chat):
        with pytest.raises(ModelUnavailable, match="cannot be loaded"):
            load(settings, f"hf:{tmp_path}")


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_without_the_packages_the_extra_is_named(
    package: str, settings: Settings, bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for load in (embedder, reranker, chat):
        with pytest.raises(MissingExtra, match=r"needs the package .*pip install 'plumbline\[hf\]'"):
            load(settings, f"hf:{bert}/.")
