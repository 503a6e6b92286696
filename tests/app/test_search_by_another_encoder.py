"""The product with a search encoder of the user's own, and an index that was lost while it ran."""

import time

import pytest
from fakes.product import NORM, product

from bot.app import Stage
from bot.cli.console import Console
from bot.cli.session import Session
from bot.domain.errors import ModelUnavailable, StorageBroken
from bot.domain.judges import EMBEDDED
from bot.models import EMBEDDING_MODEL
from bot.page.readiness import before_asking
from bot.texts import say


def settled(kaodian, stage):
    end = time.monotonic() + 60
    while kaodian.board.stage(stage).state not in ("done", "failed") and time.monotonic() < end:
        time.sleep(0.01)
    return kaodian.board.stage(stage)


def test_notes_are_indexed_and_asked_though_the_grader_s_encoder_cannot_be_had(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM), ready=False)
    kaodian.start()
    assert kaodian.wait(60)
    assert kaodian.board.stage(Stage.NOTES).state == "done"
    reader = kaodian.board.stage(Stage.READER)
    assert reader.state == "failed"
    assert EMBEDDING_MODEL in reader.message
    assert "KAODIAN_EMBEDDING" in reader.message
    assert before_asking(kaodian) == ""
    kaodian.close()


def test_with_the_embedded_encoder_there_is_nothing_more_to_fetch_and_notes_wait_for_it(tmp_path):
    kaodian = product(tmp_path, ready=False, embedding=EMBEDDED)
    kaodian.start()
    assert kaodian.wait(60)
    states = {loading.stage: loading.state for loading in kaodian.board.read()}
    assert (states[Stage.ENCODER], states[Stage.NOTES], states[Stage.READER]) == ("failed", "failed", "off")
    kaodian.close()


def test_only_commands_that_grade_need_the_grader_s_encoder(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    session = Session(kaodian.settings, Console())
    session.make_ready(kaodian)
    session.make_ready_at_best(kaodian)
    with pytest.raises(ModelUnavailable, match=EMBEDDING_MODEL):
        session.make_ready_at_best(kaodian, to_judge=True)
    kaodian.close()


def test_an_index_that_is_lost_while_the_program_runs_is_made_anew(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    assert not kaodian.mend_index()
    kaodian.index.lose()
    with pytest.raises(StorageBroken, match=say("store.index_lost")):
        list(kaodian.asking.ask(kaodian.asking.start("BN？").id, "BN？"))
    assert settled(kaodian, Stage.NOTES).state == "done"
    assert before_asking(kaodian) == ""
    assert kaodian.retriever.search("BN 在训练和测试时有什么区别？")
    kaodian.close()


def test_the_page_says_that_a_lost_index_is_made_anew(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.index.lose()
    assert before_asking(kaodian) == say("store.index_lost")
    assert settled(kaodian, Stage.NOTES).state == "done"
    kaodian.close()


def test_a_product_without_notes_has_lost_nothing(tmp_path):
    kaodian = product(tmp_path)
    assert not kaodian.mend_index()
    kaodian.close()
