"""What the benchmark times is work, and not what an earlier grading left behind."""

import time
from contextlib import contextmanager

from fakes.embedder import FakeEmbedder
from fakes.graders import make_grader
from fakes.llm import ScriptedModel

from bot.domain.judges import NO_MODEL
from evals.bench import ASKED, answering, judging
from evals.cases import GradeCase
from evals.listening import ListenedModel
from evals.product import AnsweringProduct, Facts, GradingProduct


class Counting(FakeEmbedder):
    """Says which texts it read for each grading."""

    def __init__(self):
        super().__init__(identity="counting")
        self.read = []

    def embed_tokens(self, text):
        self.read[-1].append(text)
        return super().embed_tokens(text)


class OneGrader:
    def __init__(self, embedder):
        self.embedder = embedder
        self.grader = make_grader(embedder)

    def grade(self, *given):
        self.embedder.read.append([])
        return self.grader.grade(*given)

    @contextmanager
    def grading(self, llm, progress, *, feedback):
        yield GradingProduct(self.grade, lambda question, reference: (), Facts({"llm": llm}))


def test_each_answer_and_its_key_points_are_read_anew():
    points = ("批归一化训练时用当前批的均值", "推理时用累积的滑动平均")
    answers = [
        GradeCase(
            id=number,
            question="批归一化在训练和推理时有什么不同？",
            answer=f"训练时用第 {number} 批的均值，推理时用滑动平均。",
            score=1,
            max_score=1,
            key_points=tuple({"text": point} for point in points),
        )
        for number in range(3)
    ]
    products = OneGrader(Counting())
    judging(products, NO_MODEL, [*answers, answers[1]])
    _, *timed = products.embedder.read
    assert len(timed) == 3
    assert all({*points} <= {*texts} for texts in timed)
    assert timed[0] == timed[2]


class OneAnswer:
    """Answers each query with one sentence of a model's, and lets a reader wait before each step."""

    WAIT = 0.02

    @contextmanager
    def answering(self, corpus, llm, progress):
        model = ListenedModel(ScriptedModel(["两个词。"] * ASKED, piece=2))

        def sentences(query, on_piece):
            with model.heard_by(on_piece):
                time.sleep(self.WAIT)
                for _ in model.stream((), max_tokens=9):
                    time.sleep(self.WAIT)
                yield "the first"
                time.sleep(self.WAIT)
                yield "the whole"

        yield AnsweringProduct(lambda query: None, sentences, Facts({"llm": llm}))


def test_the_wait_ends_with_the_first_token_then_the_first_sentence_then_the_answer():
    told = answering(OneAnswer()).figures
    assert told["token"] >= OneAnswer.WAIT
    assert told["first"] >= told["token"] + 2 * OneAnswer.WAIT
    assert told["whole"] >= told["first"] + OneAnswer.WAIT
    assert told["queries"] == ASKED - 1


def test_a_listened_model_passes_on_what_it_hears_and_is_stopped_with_its_stream():
    scripted = ScriptedModel(["一二三四"] * 2, piece=1)
    model, heard = ListenedModel(scripted), []
    with model.heard_by(lambda: heard.append(1)):
        assert "".join(model.stream((), max_tokens=9)) == "一二三四"
    assert len(heard) == 4
    stream = model.stream((), max_tokens=9)
    next(stream)
    stream.close()
    assert (scripted.closed_early, len(heard)) == (1, 4)
