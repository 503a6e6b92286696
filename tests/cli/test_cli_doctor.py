import socket

import pytest
from fakes.notes import read

from bot.adapters.sql import open_store
from bot.cli.doctor import examine
from bot.models import EMBEDDING_MODEL
from bot.settings import Settings

NOTE = "## 什么是早停？\n\n早停监控验证集损失，连续若干轮没有改善就停止训练。\n"


@pytest.fixture
def found(tmp_path):
    """Looks at a home without models; findings by name."""

    def look(**settings):
        chosen = Settings(home=tmp_path, llm="none", lang="zh", **settings)
        return {finding.name: finding for finding in examine(chosen)}

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


def test_a_port_that_is_taken_is_named_with_the_one_in_its_place(found):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = found(port=port, host="127.0.0.1")["port"].words
        assert str(port) in words
        assert "KAODIAN_PORT" in words
    assert "KAODIAN_PORT" not in found(port=port, host="127.0.0.1")["port"].words
