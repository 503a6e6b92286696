"""The first quiz of a fresh home: there at once, offline and without a model."""

from pathlib import Path

import pytest
from fakes.product import product

from bot.app import Stage
from bot.domain.questions import Origin
from bot.domain.quizzes import QuizMode, Scope, TurnState
from bot.models import ModelStore
from bot.page.quiz_events import QuizEvents
from bot.page.scopes import EVERYTHING
from bot.seams import no_progress
from bot.texts import speaking


class Fetched(ModelStore):
    """Embedded models that are all here."""

    def pull(self, name, progress=no_progress, given=None):
        return Path(name)


@pytest.fixture(scope="module")
def kaodian(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    kaodian = product(home, ready=False, sample="on")
    kaodian.models = Fetched(home / "models", [])
    kaodian.start()
    assert kaodian.wait(500)
    yield kaodian
    kaodian.close()


def test_a_fresh_home_has_a_shipped_question_to_begin_with_and_needs_no_model(kaodian):
    assert kaodian.board.stage(Stage.NOTES).state == "done"
    assert kaodian.board.stage(Stage.MODEL).state == "off"
    assert not kaodian.model_is_here()

    events = QuizEvents(kaodian)
    place = list(events.start(EVERYTHING, "", 3, QuizMode.PRACTICE))[-1][0]
    (quiz,) = kaodian.store.quizzes.quizzes()
    question = kaodian.store.questions.question(quiz.turns[0].question_id)
    assert question.origin is Origin.SHIPPED
    assert all(point.quote for point in question.key_points)

    list(events.submit(place, question.key_points[0].text))
    (quiz,) = kaodian.store.quizzes.quizzes()
    assert quiz.turns[0].state is TurnState.GRADED
    assert kaodian.store.grades.grades()[0].path == "features"
    assert kaodian.store.jobs.jobs() == []


@pytest.mark.parametrize(
    ("language", "asked"),
    [("zh", "Pre-LN 和 Post-LN 有什么区别？"), ("en", "What is the difference between pre-LN and post-LN?")],
)
def test_what_ships_in_two_languages_is_asked_once_and_in_the_learners(kaodian, language, asked):
    quizzes = kaodian.examining.quizzes
    with speaking(language):
        quiz = quizzes.start(Scope(topic="pre-LN post-LN"), 3)
        assert kaodian.examining.shortage(quiz) == 2, "the other version is no further question"
        while not quiz.finished:
            quizzes.skip(quiz.id, len(quiz.turns))
            quiz = quizzes.go_on(quiz.id, len(quiz.turns))
    kaodian.store.quizzes.delete(quiz.id)
    assert [kaodian.store.questions.question(turn.question_id).text for turn in quiz.turns] == [asked]
