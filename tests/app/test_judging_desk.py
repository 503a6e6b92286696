"""Which judge grades, and how far its grades are trusted, by settings and cards."""

import json

import pytest
from fakes.cards import card
from fakes.product import NORM, product
from servers.judges import JudgeServer, strong
from servers.openai_like import OpenAILike, Text
from servers.systemone import SystemOneServer, decided

from bot.app.checking import check_model
from bot.app.judging import JudgingDesk
from bot.checking import CardShelf
from bot.checking.probes import probes_hash, shipped_probes
from bot.checking.shelf import SHIPPED_TRUST
from bot.checking.versions import judged_by
from bot.cli.findings import examine
from bot.domain.capability import JudgePath
from bot.domain.errors import SettingWrong
from bot.domain.grades import Trust
from bot.domain.judges import EMBEDDED
from bot.domain.questions import KeyPoint
from bot.seams import no_progress
from bot.settings import Settings
from bot.texts import say

POINTS = (KeyPoint(text="测试时用全局均值和方差", quote=None),)
ANSWER = "测试的时候用的是训练中累积的全局均值和方差。"


def graded(tmp_path, **settings):
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.settings = kaodian.settings.model_copy(update=settings)
    desk = JudgingDesk(kaodian)
    return desk.grader().grade("q", "BN 在测试时用什么？", POINTS, ANSWER)


def shares(instructions):
    return {"covered": 0.9, "partial": 0.1, "missing": 0.0, "contradicted": 0.0}


def test_a_decision_server_judges_by_one_setting(tmp_path):
    with SystemOneServer(lambda body: decided(body, shares)) as server:
        grade = graded(tmp_path, judge="systemone:m", judge_base_url=server.base_url)
    assert (grade.path, grade.score, grade.trust) == ("systemone:m", 0.95, Trust.UNCHECKED)
    assert len(server.seen) == 1


def test_without_a_model_the_verifier_judges(tmp_path):
    assert graded(tmp_path).path == "features"
    grade = graded(tmp_path, judge="none", llm="openai:m")
    assert (grade.path, grade.trust) == ("features", SHIPPED_TRUST["features"])


def test_a_judge_that_cannot_be_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingWrong):
        graded(tmp_path, judge="systemone:m")


def hosted(server):
    return {"llm": "openai:m", "llm_base_url": server.base_url, "llm_retries": 0}


COVERED = json.dumps(
    {"thoughts": "…", "points": [{"number": 1, "quote": ANSWER[:-1], "status": "covered"}]},
    ensure_ascii=False,
)


def test_an_unchecked_hosted_model_judges_and_says_so(tmp_path):
    with OpenAILike(Text(COVERED)) as server:
        grade = graded(tmp_path, **hosted(server))
    assert (grade.path, grade.score, grade.trust) == ("llm:openai:m", 1.0, Trust.UNCHECKED)


def test_the_card_of_a_check_decides_path_and_trust(tmp_path):
    kaodian = product(tmp_path)
    with JudgeServer(strong) as server:
        settings = kaodian.settings.model_copy(update=hosted(server))
        card = check_model(settings, "openai:m", no_progress)
    with OpenAILike(Text(COVERED)) as other:
        known = card.model_copy(update={"server": other.base_url})
        CardShelf(tmp_path).put(known)
        assert graded(tmp_path, **hosted(other)).trust is Trust.HIGH
        failed = known.model_copy(update={"path": JudgePath.VERIFIER, "trust": Trust.LOW})
        CardShelf(tmp_path).put(failed)
        before = len(other.seen)
        grade = graded(tmp_path, **hosted(other))
        assert (grade.path, grade.trust) == ("features", SHIPPED_TRUST["features"])
        assert len(other.seen) == before


class Reader:
    """The embedded language model, sure that every point was said; counts the openings it reads."""

    name = "embedded:scripted"

    def __init__(self):
        self.read = 0

    def word_logprobs(self, opening, closings, words):
        self.read += 1
        yield from ((-0.01, -5.0, -6.0, -7.0) for _ in closings)


def read_by_the_embedded_model(tmp_path, reader, *, by_reference=False):
    kaodian = product(tmp_path, ("bn.md", NORM))
    kaodian.word_reader = lambda: reader
    return (
        JudgingDesk(kaodian)
        .grader(by_reference=by_reference)
        .grade("q", "BN 在测试时用什么？", POINTS, ANSWER)
    )


@pytest.mark.parametrize("by_reference", [False, True])
def test_a_failed_check_of_the_embedded_judge_leaves_the_grade_to_the_verifier(tmp_path, by_reference):
    reader = Reader()
    grade = read_by_the_embedded_model(tmp_path, reader, by_reference=by_reference)
    assert (grade.path, grade.trust) == ("embedded", SHIPPED_TRUST["embedded"])
    assert reader.read == 1
    passed = card_of_the_embedded_judge(JudgePath.JUDGE, Trust.HIGH)
    CardShelf(tmp_path).put(passed)
    grade = read_by_the_embedded_model(tmp_path, reader, by_reference=by_reference)
    assert (grade.path, grade.trust, reader.read) == ("embedded", Trust.HIGH, 2)
    CardShelf(tmp_path).put(card_of_the_embedded_judge(JudgePath.VERIFIER, Trust.LOW))
    grade = read_by_the_embedded_model(tmp_path, reader, by_reference=by_reference)
    assert (grade.path, grade.trust) == ("features", SHIPPED_TRUST["features"])
    assert reader.read == 2


def test_the_doctor_says_that_the_embedded_judge_failed_its_check(tmp_path):
    settings = Settings(home=tmp_path, llm="embedded", lang="zh")
    assert "check" not in {finding.name for finding in examine(settings)}
    CardShelf(tmp_path).put(card_of_the_embedded_judge(JudgePath.VERIFIER, Trust.LOW))
    words = {finding.name: finding.words for finding in examine(settings)}["check"]
    assert say("checking.path_verifier") in words


def card_of_the_embedded_judge(path, trust):
    return card(
        model=EMBEDDED,
        probes=probes_hash(shipped_probes()),
        prompt=judged_by(EMBEDDED),
        path=path,
        trust=trust,
    )


def test_the_same_answer_is_not_paid_for_twice(tmp_path):
    with OpenAILike(Text(COVERED)) as server:
        first = graded(tmp_path, **hosted(server))
        second = graded(tmp_path, **hosted(server))
        assert len(server.seen) == 1
    assert first.verdicts == second.verdicts
