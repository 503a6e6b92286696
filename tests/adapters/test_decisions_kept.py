"""Answers of a decision server that are kept."""

import pytest
from servers.systemone import Answer, SystemOneServer, decided

from bot.adapters.decisions_kept import KeepingDecisions, kept_decision_model
from bot.adapters.llm.kept import FILE_NAME, ReplyStore
from bot.adapters.llm.metered import Spent, tally
from bot.domain.errors import ModelUnavailable
from bot.prompts.decision import decision_choices, decision_state
from bot.seams import Reply
from bot.settings import Settings

CHOICES = decision_choices(["甲", "乙"])
STATE = decision_state("问？", "答")
SHARES = {"covered": 0.7, "partial": 0.1 + 0.2, "missing": 0.0, "contradicted": 0.0}


def good(body):
    return decided(body, lambda instructions: SHARES)


def model(server, home, **more):
    settings = {"judge": "systemone:m", "judge_base_url": server.base_url, "llm_retries": 0} | more
    return kept_decision_model(Settings(home=home, **settings))


def test_the_same_answer_is_asked_once_even_by_a_later_process(tmp_path):
    with SystemOneServer(good) as server:
        first = model(server, tmp_path).decide(STATE, CHOICES)
        with tally() as spending:
            later = model(server, tmp_path).decide(STATE, CHOICES)
        assert len(server.seen) == 1
    assert [dict(one) for one in later] == [dict(one) for one in first]
    assert spending.spent == Spent(hits=1)


@pytest.mark.parametrize(
    "change",
    [
        {"state": decision_state("问？", "另答")},
        {"choices": decision_choices(["甲", "丙"])},
        {"choices": decision_choices(["乙", "甲"])},
        {"choices": decision_choices(["甲", "乙"], backwards=True)},
        {"judge": "systemone:other"},
        {"llm_cache": False},
    ],
)
def test_another_model_rubric_or_content_is_asked_anew(tmp_path, change):
    with SystemOneServer(good) as server:
        model(server, tmp_path).decide(STATE, CHOICES)
        made = {name: value for name, value in change.items() if name not in ("state", "choices")}
        asked = change.get("state", STATE), change.get("choices", CHOICES)
        model(server, tmp_path, **made).decide(*asked)
        assert len(server.seen) == 2


def test_a_failure_is_not_kept(tmp_path):
    left = [Answer({}, 500)]
    with SystemOneServer(lambda body: left.pop() if left else good(body)) as server:
        with pytest.raises(ModelUnavailable):
            model(server, tmp_path).decide(STATE, CHOICES)
        assert dict(model(server, tmp_path).decide(STATE, CHOICES)[0]) == SHARES


@pytest.mark.parametrize("text", ["八分", "[]", '[{"covered": 1.0}, {"covered": 1.0}]'])
def test_what_was_kept_and_does_not_fit_is_asked_anew(tmp_path, text):
    class Store(ReplyStore):
        def get(self, key):
            return Reply(text=text, finished=True, model="m")

    with SystemOneServer(good) as server:
        behind = model(server, tmp_path, llm_cache=False)
        kept = KeepingDecisions(behind, Store(tmp_path / FILE_NAME))
        assert dict(kept.decide(STATE, CHOICES)[0]) == SHARES
