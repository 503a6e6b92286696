import shutil
import socket

import numpy as np
import pytest
from fakes.notes import read

from bot.adapters.index import open_index
from bot.adapters.sql import open_store
from bot.cli.findings import examine
from bot.models import EMBEDDING_MODEL
from bot.seams import IndexBuild, Window
from bot.settings import Settings

NOTE = "## 什么是早停？\n\n早停监控验证集损失，连续若干轮没有改善就停止训练。\n"


@pytest.fixture
def found(tmp_path):
    """Looks at a home without models; findings by name."""

    def look(free=10**12, **settings):
        chosen = Settings(**({"home": tmp_path, "llm": "none", "lang": "zh"} | settings))
        return {finding.name: finding for finding in examine(chosen, lambda path: free)}

    return look


def test_the_examiner_s_encoder_is_missed_whatever_the_search_uses(found):
    for embedding in ("embedded", "some/other-model"):
        finding = found(embedding=embedding)[EMBEDDING_MODEL]
        assert not finding.ok
        assert f"kaodian models pull {EMBEDDING_MODEL}" in finding.words


def test_an_index_that_lags_behind_the_notes_is_found_and_how_to_mend_it(found, tmp_path):
    assert found()["index"].ok
    store = open_store(tmp_path)
    store.notes.save(read(NOTE, "note.md"))
    store.close()
    finding = found()["index"]
    assert not finding.ok
    assert "kaodian chunks" in finding.words


def index_of(home):
    """A finished build of one vector."""
    index = open_index(home)
    index.start("b.1", 2).add(["a"], np.eye(2, dtype=np.float32)[:1])
    window = Window(id="a", chunk_id="c", text="a", start=0, end=1)
    index.finish(IndexBuild(id="b.1", embedder="e", windows=(window,), calibration={}), {"c": "梯度"})
    index.close()


def test_vectors_that_were_lost_are_told_with_how_to_mend_it(found, tmp_path):
    index_of(tmp_path)
    (folder,) = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    shutil.rmtree(folder / "chroma")
    finding = found()["index"]
    assert not finding.ok
    assert "向量" in finding.words
    assert "kaodian chunks" in finding.words


def test_room_is_asked_for_only_what_is_still_to_be_fetched(found):
    assert found(free=10**9)["disk"].ok
    finding = found(free=10**9, llm="embedded")["disk"]
    assert not finding.ok
    assert "1.0 GB" in finding.words
    assert "2.0 GB" in finding.words
    assert found(free=3 * 10**9, llm="embedded")["disk"].ok


@pytest.mark.real
def test_with_the_models_here_little_room_is_enough(found, model_store, embedder, tmp_path):
    (tmp_path / "models").symlink_to(model_store.path(EMBEDDING_MODEL).parents[1])
    assert found(free=4 * 10**8)["disk"].ok
    assert not found(free=10**8)["disk"].ok


def test_settings_that_do_not_exist_are_warned_of_with_what_was_meant(found, tmp_path, monkeypatch):
    monkeypatch.setenv("KAODIAN_EMBEDING", "BAAI/bge-m3")
    monkeypatch.setenv("KAODIAN_TEST_STRICT", "1")
    (tmp_path / "config.toml").write_text('KAODIAN_LLM = "none"\nport = 7861\nzzz = 1\n')
    (tmp_path / "config.toml").chmod(0o600)
    finding = found()["unknown"]
    assert finding.ok and finding.warns and finding.mark == "!"
    assert "KAODIAN_EMBEDING（是不是 KAODIAN_EMBEDDING？）" in finding.words
    assert "config.toml: KAODIAN_LLM（是不是 llm？）" in finding.words
    assert "config.toml: zzz" in finding.words
    for name in ("STRICT", "port"):
        assert name not in finding.words


def test_settings_that_exist_are_not_warned_of(found, monkeypatch):
    monkeypatch.setenv("kaodian_llm", "none")
    assert "unknown" not in found()


def test_a_port_that_is_taken_is_named_with_the_one_in_its_place(found):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = found(port=port, host="127.0.0.1")["port"].words
        assert str(port) in words
        assert "KAODIAN_PORT" in words
    assert "KAODIAN_PORT" not in found(port=port, host="127.0.0.1")["port"].words
