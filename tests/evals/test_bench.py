"""What the benchmark times is work, and not what an earlier grading left behind."""

from contextlib import contextmanager

from fakes.embedder import FakeEmbedder
from fakes.graders import make_grader

from bot.domain.judges import NO_MODEL
from evals.bench import judging
from evals.cases import GradeCase
from evals.product import Facts, GradingProduct


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
