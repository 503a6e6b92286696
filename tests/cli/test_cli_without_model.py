"""The commands on a machine that can have the encoder and not the language model."""

import io
import json

import pytest
from fakes.product import NORM, product
from fakes.terminal import called

from bot.cli.asking import add_ask
from bot.cli.grading import add_grade
from bot.cli.questions import add_questions
from bot.cli.quizzing import add_quiz
from bot.domain.grades import MAX_ANSWER_CHARS
from bot.models import EMBEDDING_MODEL, LANGUAGE_MODEL, ModelStore
from bot.texts import say


class OnlyTheEncoder(ModelStore):
    """A store whose encoder is here, and that has no source for anything else."""

    def __init__(self, directory):
        super().__init__(directory, [])
        self.wanted = []

    def pull(self, name, progress=None, given=None):
        self.wanted.append(name)
        if name == EMBEDDING_MODEL:
            return None
        return super().pull(name)


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs one command; gives its exit code, stdout, stderr and the models that it wanted."""
    kaodian = product(tmp_path, ("bn.md", NORM))
    began_with = kaodian.settings

    def call(add, *arguments, stdin="", **settings):
        kaodian.models = OnlyTheEncoder(tmp_path / "models")
        kaodian.settings = began_with.model_copy(update={"llm": "embedded", **settings})
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = called(kaodian.settings, [add], arguments, lang="zh", opening=lambda _: kaodian)
        return code, *capsys.readouterr(), kaodian.models.wanted

    return call


def told_in_one_line(err, key):
    begin = say(f"cli.{key}", lang="zh", why="").strip()
    return [line for line in err.splitlines() if begin in line]


def test_ask_answers_with_the_passages_and_says_so(run):
    code, out, err, _ = run(add_ask, "BN 在训练和测试时有什么区别？", "--json")
    assert code == 0
    assert json.loads(out)["outcome"] == "passages"
    assert len(told_in_one_line(err, "without_model")) == 1


def test_grade_and_quiz_go_on_with_the_verifier_and_say_so(run):
    _, out, _, _ = run(add_questions, "--json")
    question = json.loads(out)[0]
    answer = "训练时用小批量的均值和方差，测试时用全局均值和方差。"
    code, out, err, wanted = run(add_grade, question["id"], answer, "--json")
    assert (code, json.loads(out)["path"]) == (0, "features")
    assert len(wanted) == 2
    assert len(told_in_one_line(err, "judged_without_model")) == 1
    code, out, err, _ = run(add_quiz, "-n", "1", "--json", stdin=f"{answer}\n\n")
    assert (code, json.loads(out)["summary"]["graded"]) == (0, 1)
    assert len(told_in_one_line(err, "judged_without_model")) == 1


def test_an_answer_above_the_cap_leaves_the_quiz_where_it_is(run):
    long, answer = "长" * (MAX_ANSWER_CHARS + 1), "测试时用全局均值和方差。"
    code, out, err, _ = run(add_quiz, "-n", "1", "--json", stdin=f"{long}\n\n{answer}\n\n")
    assert (code, json.loads(out)["summary"]["graded"]) == (0, 1)
    assert str(MAX_ANSWER_CHARS) in err
    assert [turn["turn"]["answer"] for turn in json.loads(out)["turns"]] == [answer]


def test_no_model_is_fetched_where_the_settings_name_another_judge(run):
    _, out, _, _ = run(add_questions, "--json")
    code, _, err, wanted = run(add_grade, json.loads(out)[0]["id"], "不知道", "--json", judge="none")
    assert (code, wanted) == (0, [EMBEDDING_MODEL])
    assert told_in_one_line(err, "judged_without_model") == []


def test_making_questions_still_needs_the_model(run):
    code, out, err, wanted = run(add_questions, "--make", "1")
    assert (code, out, wanted[-1]) == (1, "", LANGUAGE_MODEL)
    assert LANGUAGE_MODEL in err


def test_key_points_are_listed_with_weight_and_quote(run):
    _, out, _, _ = run(add_questions, "--points")
    assert (
        say("cli.point", lang="zh", number=1, text="", weight="1").strip().removeprefix("1.").strip() in out
    )
    quotes = [line.strip() for line in out.splitlines() if line.strip().startswith("笔记原文")]
    assert quotes
    assert all(quote.removeprefix("笔记原文：“").removesuffix("”") in NORM for quote in quotes)
