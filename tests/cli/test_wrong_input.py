"""What cannot be used is told at once: nothing is fetched, embedded or stored before."""

import io

import pytest
from fakes.notes import note_file
from fakes.product import NORM, product
from fakes.terminal import called

from bot.app import sample_directory, sample_files
from bot.app.sample import QUESTIONS
from bot.cli.commands import COMMANDS
from bot.domain.grades import MAX_ANSWER_CHARS
from bot.domain.notes import Collection
from bot.domain.quizzes import Scope
from bot.explaining.explainer import MAX_QUERY_CHARS
from bot.models import ModelStore
from bot.questions.shipped import read_shipped
from bot.questions.upkeep import delete
from bot.quiz.wanted import MAX_LENGTH
from bot.seams import no_progress
from bot.texts import say


class Untouched(ModelStore):
    """Models that nobody may ask for."""

    def __init__(self, directory):
        super().__init__(directory, [])

    def pull(self, name, progress=None, given=None):
        raise AssertionError(f"{name} was fetched")


@pytest.fixture
def kaodian(tmp_path):
    """A product with one note, from now on without any model."""
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.examining.questions().questions_for(Scope())
    kaodian.models = Untouched(tmp_path / "models")
    return kaodian


@pytest.fixture
def run(kaodian, capsys, monkeypatch):
    """Runs one command; gives its exit code, stdout and stderr."""

    def call(*arguments, stdin="", **settings):
        kaodian.settings = kaodian.settings.model_copy(update=settings)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = called(kaodian.settings, COMMANDS, arguments, lang="en", opening=lambda _: kaodian)
        return code, *capsys.readouterr()

    return call


def said(key, **params):
    return say(key, lang="en", **params)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("grade", "nonsense", "an answer"), said("cli.no_such_question", id="nonsense")),
        (("grade", "nonsense", "  "), said("quiz.blank_answer")),
        (("grade", "nonsense"), said("quiz.blank_answer")),
        (
            ("grade", "nonsense", "x" * (MAX_ANSWER_CHARS + 1)),
            said("grading.too_long", length=MAX_ANSWER_CHARS + 1, cap=MAX_ANSWER_CHARS),
        ),
        (("quiz", "-n", "0"), said("quiz.length", limit=MAX_LENGTH)),
        (("quiz", "-n", MAX_LENGTH + 1), said("quiz.length", limit=MAX_LENGTH)),
        (("quiz", "--note", "nonsense"), said("cli.no_such_note", name="nonsense")),
        (("quiz", "--section", "nonsense"), said("cli.no_such_section", name="nonsense")),
        (("quiz", "--resume"), said("cli.no_unfinished")),
        (("quiz", "--mode", "nonsense"), "nonsense"),
        (("questions", "--note", "nonsense"), said("cli.no_such_note", name="nonsense")),
        (("questions", "--note", "bn", "--section", "残差"), said("cli.no_such_section", name="残差")),
        (("questions", "--make", "1"), said("cli.make_without_model")),
        (("ask", "  "), said("explaining.blank")),
        (
            ("ask", "x" * (MAX_QUERY_CHARS + 1)),
            said("explaining.too_long", limit=MAX_QUERY_CHARS, length=MAX_QUERY_CHARS + 1),
        ),
        (("ask", "BN?", "--conversation", "nowhere"), "nowhere"),
        (("chunks", "nonsense"), said("cli.no_such_note", name="nonsense")),
        (("forget", "bn"), said("cli.no_such_note", name="bn")),
        (("ingest", "nowhere.md"), said("cli.no_such_path", path="nowhere.md")),
        (("serve", "--port", "0"), "--port"),
        (("models", "pull", "multilingual-e5-small", "nonsense"), "nonsense"),
        (("models", "verify", "multilingual-e5-small", "nonsense"), "nonsense"),
        (("models", "check", "nonsense"), "nonsense"),
        (("models", "check", "embedded:nonsense"), "nonsense"),
    ],
)
def test_it_is_told_before_anything_else(kaodian, run, arguments, told):
    stored = (kaodian.store.conversations.conversations(), kaodian.store.quizzes.quizzes())
    embedded = kaodian.embedder.calls
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert kaodian.embedder.calls == embedded
    assert (kaodian.store.conversations.conversations(), kaodian.store.quizzes.quizzes()) == stored


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 50, b" \n", None], ids=["not text", "empty", "a folder"])
def test_files_without_text_are_told_before_anything_else(run, tmp_path, data):
    file = tmp_path / "photo.md"
    file.mkdir() if data is None else file.write_bytes(data)
    code, out, err = run("ingest", file)
    assert (code, out) == (2, "")
    assert "photo.md" in err or said("app.no_files") in err


@pytest.mark.parametrize(
    "arguments",
    [("ask", "BN?"), ("quiz",), ("grade", "known", "an answer"), ("questions", "--make", "1"), ("serve",)],
)
def test_a_language_model_that_is_none_is_told_before_anything_else(kaodian, run, arguments):
    question = kaodian.store.questions.questions()[0].id
    code, out, err = run(*(question if each == "known" else each for each in arguments), llm="nonsense")
    assert (code, out) == (2, "")
    assert said("llm.not_provider_model", value="nonsense") in err


def test_what_the_sample_will_bring_is_known_before_it_is_in(kaodian):
    assert [document.source for document in kaodian.store.notes.documents()] == ["bn.md"]
    notes = {parsed.document.source: parsed for parsed in kaodian.foreseen_notes()}
    assert list(notes) == sorted(["bn.md", *(file.source for file in sample_files())])
    shipped = [question.id for question in read_shipped((sample_directory() / QUESTIONS).read_text("utf-8"))]
    assert all(kaodian.examining.knows(one) for one in (shipped[0], shipped[-1]))
    kaodian.index_notes(no_progress)
    stored = kaodian.notes.documents()
    assert [document.id for document in stored] == [one.document.id for one in notes.values()]
    assert all(kaodian.notes.parsed(document.id) == notes[document.source] for document in stored)
    assert kaodian.examining.knows(shipped[0])
    delete(kaodian.store, shipped[0])
    assert not kaodian.examining.knows(shipped[0])


def test_a_sample_note_is_foreseen_as_it_ships_now(kaodian):
    before = note_file("# 旧版\n\n## 旧的一节\n\n从前的内容。", "dropout.md", Collection.SAMPLE)
    gone = note_file("# 早先\n\n后来不再附带。", "withdrawn.md", Collection.SAMPLE)
    kaodian.notes.sync_sample([before, gone])
    notes = {parsed.document.source: parsed for parsed in kaodian.foreseen_notes()}
    assert "旧的一节" not in notes["dropout.md"].document.raw
    assert "withdrawn.md" not in notes
