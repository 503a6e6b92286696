"""Replies that are kept, and calls that are counted."""

import pytest
from fakes.llm import ScriptedModel
from pydantic import BaseModel

from bot.adapters.llm import PriorityGate, in_turn
from bot.adapters.llm.gate import Urgency
from bot.adapters.llm.kept import KeepingModel, ReplyStore
from bot.adapters.llm.metered import Spent, tally
from bot.domain.errors import ModelUnavailable
from bot.seams import Message, Reply
from bot.settings import Settings


class Form(BaseModel):
    number: int


def ask(model, words="几？", system="你是考官", **options):
    messages = [Message(role="system", content=system), Message(role="user", content=words)]
    return model.reply(messages, max_tokens=options.pop("max_tokens", 50), schema=Form, **options)


def keeping(tmp_path, replies, **options):
    model = ScriptedModel(replies, name=options.pop("name", "openai:m"))
    return KeepingModel(model, ReplyStore(tmp_path / "deep" / "replies.sqlite3"), **options), model


def test_the_same_question_is_asked_once_even_by_a_later_process(tmp_path):
    first, _ = keeping(tmp_path, ['{"number": 1}'])
    assert not ask(first).cached
    later, model = keeping(tmp_path, [])
    assert ask(later).text == '{"number": 1}'
    assert ask(later).cached
    assert model.calls == []


@pytest.mark.parametrize(
    "change",
    [
        {"words": "多少？"},
        {"system": "你是另一位考官"},
        {"max_tokens": 51},
        {"name": "openai:other"},
        {"server": "http://elsewhere"},
    ],
)
def test_another_model_server_prompt_or_content_is_asked_anew(tmp_path, change):
    asked = {name: change[name] for name in ("words", "system", "max_tokens") if name in change}
    made = {name: change[name] for name in ("name", "server") if name in change}
    ask(keeping(tmp_path, ['{"number": 1}'])[0])
    assert ask(keeping(tmp_path, ['{"number": 2}'], **made)[0], **asked).text == '{"number": 2}'


@pytest.mark.parametrize(
    "useless", ["八分", '{"number": "x"}', Reply(text='{"number": 1}', finished=False, model="m")]
)
def test_what_cannot_be_used_is_not_kept(tmp_path, useless):
    model, _ = keeping(tmp_path, [useless, '{"number": 3}'])
    ask(model)
    assert ask(model).text == '{"number": 3}'


def test_a_failure_is_not_kept(tmp_path):
    model, _ = keeping(tmp_path, [ModelUnavailable("llm.timeout", model="m"), '{"number": 3}'])
    with pytest.raises(ModelUnavailable):
        ask(model)
    assert ask(model).text == '{"number": 3}'


def test_a_broken_file_costs_nobody_a_grade(tmp_path):
    file = tmp_path / "replies.sqlite3"
    file.write_bytes(b"not a database at all, and long enough to be looked at" * 20)
    model = KeepingModel(ScriptedModel(['{"number": 1}', '{"number": 2}']), ReplyStore(file))
    assert ask(model).text == '{"number": 1}'
    assert ask(model).text == '{"number": 2}'


def hosted(tmp_path, model, urgency=Urgency.VERDICT, **settings):
    made = Settings(home=tmp_path, llm="openai:m", **settings)
    return in_turn(model, made, PriorityGate(made.llm_parallel), urgency)


REPLY = Reply(text='{"number": 1}', finished=True, model="m", prompt_tokens=1000, reply_tokens=100)


def test_calls_hits_tokens_and_cost_are_counted(tmp_path):
    model = hosted(tmp_path, ScriptedModel([REPLY]), llm_price_prompt=2.0, llm_price_reply=10.0)
    with tally() as spending:
        ask(model)
        ask(model)
    assert spending.spent == Spent(calls=1, hits=1, prompt_tokens=1000, reply_tokens=100, cost=0.003)


def test_only_verdicts_are_kept_and_only_where_the_settings_say_so(tmp_path):
    wording = ScriptedModel([REPLY, REPLY])
    for _ in range(2):
        ask(hosted(tmp_path, wording, Urgency.WORDING))
    off = ScriptedModel([REPLY, REPLY])
    for _ in range(2):
        ask(hosted(tmp_path, off, llm_cache=False))
    assert len(wording.calls) == len(off.calls) == 2
    assert not (tmp_path / "cache").exists()


def test_no_more_calls_than_the_settings_allow_are_under_way(tmp_path):
    import threading
    from concurrent.futures import ThreadPoolExecutor

    under_way, most, lock = 0, 0, threading.Lock()
    pause = threading.Event()

    def rule(messages):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        pause.wait(0.02)
        with lock:
            under_way -= 1
        return REPLY

    model = hosted(tmp_path, ScriptedModel(rule), llm_parallel=3, llm_cache=False)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: ask(model, str(number)), range(24)))
    assert most == 3
