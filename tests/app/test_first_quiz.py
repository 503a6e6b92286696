"""The first quiz of a fresh home: there at once, offline and without a model."""

from pathlib import Path

from fakes.product import product

from bot.app import Stage
from bot.domain.questions import Origin
from bot.domain.quizzes import QuizMode, TurnState
from bot.models import ModelStore
from bot.page.quiz_events import QuizEvents
from bot.page.scopes import EVERYTHING
from bot.seams import no_progress


class Fetched(ModelStore):
    """Embedded models that are all here."""

    def pull(self, name, progress=no_progress, given=None):
        return Path(name)


def test_a_fresh_home_has_a_shipped_question_to_begin_with_and_needs_no_model(tmp_path):
    kaodian = product(tmp_path, ready=False, sample="on")
    kaodian.models = Fetched(tmp_path / "models", [])
    kaodian.start()
    assert kaodian.wait(500)
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
    kaodian.close()
