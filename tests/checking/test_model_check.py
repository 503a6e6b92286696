"""A check sees through judges of every kind, and can be stopped at any moment."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes.embedder import FakeEmbedder
from servers import judges
from servers.cards import card_of, cards, subject, table
from servers.judges import JudgeServer
from servers.systemone import Answer, SystemOneServer, decided

from bot.adapters.decisions import decision_model
from bot.checking import CardShelf, ModelCheck, Subject
from bot.checking.probes import shipped_probes
from bot.checking.shelf import SHIPPED_TRUST
from bot.checking.versions import judged_by
from bot.domain.capability import JudgePath
from bot.domain.errors import ModelUnavailable
from bot.domain.grades import Trust
from bot.grading.gate import screen
from bot.grading.judge_decision import DecisionJudge
from bot.seams import no_progress
from bot.settings import Settings


@pytest.fixture(scope="module")
def found():
    """Cards of the scripted judges by name, with their servers."""
    return cards()


def test_the_document_shows_what_is_found_of_the_scripted_judges(found):
    document = Path(__file__).parents[2].joinpath("docs", "evals.md").read_text("utf-8")
    shown = document.partition("<!-- scripted judges -->\n\n")[2].partition("\n<!-- end -->")[0]
    assert shown == table(found)


def test_a_strong_model_judges_alone(found):
    card, server = found["strong"]
    assert (card.path, card.trust, card.reasons) == (JudgePath.JUDGE, Trust.HIGH, ())
    assert (card.content_free, card.negation, card.adherence, card.order_flips) == (0, 1, 1, 0)
    assert card.agreement > 0.95
    assert 0 < card.gain.low <= card.gain.value <= card.gain.high
    assert card.json_valid == 1
    assert card.logprobs
    assert 50 <= card.calls <= 60
    assert len(server.seen) == card.calls + 1


def test_a_lenient_model_does_not_judge(tmp_path):
    card, _ = card_of(judges.lenient, tmp_path, logprobs=False)
    assert (card.path, card.trust) == (JudgePath.VERIFIER, Trust.LOW)
    assert {"content_free", "negation", "gain"} <= set(card.reasons)
    assert card.content_free > 0.9
    assert not card.logprobs


def test_a_stubborn_model_does_not_judge(found):
    card, _ = found["stubborn"]
    assert (card.path, card.reasons) == (JudgePath.VERIFIER, ("adherence",))
    assert card.agreement > 0.95


def test_a_model_that_order_moves_gets_the_verifier_beside_it(found):
    card, _ = found["fickle"]
    assert (card.path, card.trust) == (JudgePath.JUDGE_WITH_VERIFIER, Trust.MEDIUM)
    assert "order_flips" in card.reasons
    assert card.order_flips > 0.1


def test_a_garbled_model_does_not_judge(found):
    card, server = found["garbled"]
    assert card.path is JudgePath.VERIFIER
    assert (card.json_valid, card.failed, card.timed_out) == (0, 1, 0)
    assert {"failed", "json_valid"} <= set(card.reasons)
    assert len(server.seen) == card.calls + 1 == 2 * len(shipped_probes()) + 1


def test_a_slow_model_is_given_up_and_does_not_judge(found):
    card, server = found["slow"]
    assert card.path is JudgePath.VERIFIER
    assert card.timed_out == 1
    assert len(server.seen) == 3


class Dies:
    """Answers like a strong model, then is gone."""

    def __init__(self, judge, after):
        self.path = judge.path
        self._judge, self._left = judge, after

    def judge(self, case):
        if self._left == 0:
            raise ModelUnavailable("llm.unreachable", model="m")
        self._left -= 1
        return self._judge.judge(case)


@pytest.mark.parametrize("cut", [0, 20])
def test_a_check_that_was_stopped_is_taken_up(tmp_path, cut):
    probes = shipped_probes()
    with JudgeServer(judges.strong) as server:
        whole = subject(server)
        dying = Dies(whole.judge, after=30)
        broken = replace(whole, judge=dying, turned=dying)
        with pytest.raises(ModelUnavailable):
            ModelCheck(probes, tmp_path).run(broken, no_progress)
        [part] = tmp_path.iterdir()
        if cut:  # killed in the middle of a line
            part.write_bytes(part.read_bytes()[:-cut])
        before = len(server.seen)
        card = ModelCheck(probes, tmp_path).run(whole, no_progress)
        assert len(server.seen) - before == len(probes) - 30 + bool(cut) + 1
    assert card.path is JudgePath.JUDGE
    assert card.calls == len(probes)
    assert list(tmp_path.iterdir()) == []


def test_a_check_of_another_prompt_starts_anew(tmp_path):
    with JudgeServer(judges.strong) as server:
        whole = subject(server)
        dying = Dies(whole.judge, after=5)
        with pytest.raises(ModelUnavailable):
            ModelCheck(shipped_probes(), tmp_path).run(
                Subject("openai:m", dying, dying, "older", whole.logprobs, whole.watched), no_progress
            )
        ModelCheck(shipped_probes(), tmp_path).run(whole, no_progress)
    assert len(server.seen) == 5 + len(shipped_probes()) + 1


def knowing(probes):
    """A rule for the decision server: right, and sure of it."""
    known = [(screen(probe.question, probe.answer).text, probe) for probe in probes]

    def rule(body):
        answer = body["state"]["answer"]
        probe = next(probe for text, probe in known if text in answer)

        def shares(instructions):
            [right] = {
                str(status)
                for text, status in zip(probe.points, probe.verdicts, strict=True)
                if text in instructions
            }
            names = ("covered", "partial", "missing", "contradicted")
            return {name: 0.91 if name == right else 0.03 for name in names}

        return decided(body, shares)

    return rule


def test_a_decision_model_is_checked_like_any_other(tmp_path):
    with SystemOneServer(knowing(shipped_probes())) as server:
        settings = Settings(judge="systemone:m", judge_base_url=server.base_url, llm_retries=0)
        model = decision_model(settings)
        judge = DecisionJudge(model, FakeEmbedder())
        turned = DecisionJudge(model, FakeEmbedder(), backwards=True)
        one = Subject(model.name, judge, turned, judged_by(model.name), lambda: True)
        card = ModelCheck(shipped_probes(), tmp_path).run(one, no_progress)
    assert (card.path, card.trust) == (JudgePath.JUDGE, Trust.HIGH)
    assert card.calls == len(server.seen) == len(shipped_probes())
    orders = {tuple(body["questions"]["q1"]["criteria"]) for _, _, body in server.seen}
    assert orders == {
        ("covered", "partial", "missing", "contradicted"),
        ("contradicted", "missing", "partial", "covered"),
    }


@pytest.mark.parametrize(("usable", "path"), [(3, JudgePath.VERIFIER), (0, None)])
def test_a_decision_server_that_speaks_nonsense_does_not_judge(tmp_path, usable, path):
    """One that never spoke sense is taken for a wrong address, and said to be one at once."""
    right, asked = knowing(shipped_probes()), []

    def rule(body):
        asked.append(body)
        return right(body) if len(asked) <= usable else Answer({"answers": "none"})

    with SystemOneServer(rule) as server:
        settings = Settings(judge="systemone:m", judge_base_url=server.base_url, llm_retries=0)
        model = decision_model(settings)
        judge = DecisionJudge(model, FakeEmbedder())
        one = Subject(model.name, judge, judge, judged_by(model.name), lambda: True)
        check = ModelCheck(shipped_probes(), tmp_path)
        if path is None:
            with pytest.raises(ModelUnavailable):
                check.run(one, no_progress)
            assert len(asked) == 1
        else:
            card = check.run(one, no_progress)
            assert (card.path, card.trust) == (path, Trust.LOW)
            assert card.failed > 0.9
            assert card.json_valid < 0.1


def test_cards_stand_on_the_shelf_by_model_and_server(tmp_path):
    card, server = card_of(judges.strong, tmp_path / "parts")
    shelf = CardShelf(tmp_path)
    shelf.put(card)
    assert shelf.get("openai:m", server.base_url) == card
    assert shelf.get("openai:m") is None
    assert shelf.cards() == [card]
    assert shelf.trust("llm:openai:m", server.base_url) is Trust.HIGH
    assert shelf.trust("llm:openai:m") is Trust.UNCHECKED
    assert shelf.trust("features") is SHIPPED_TRUST["features"]


@pytest.mark.parametrize("part", ["prompt", "probes"])
def test_a_card_made_with_another_prompt_or_other_probes_says_nothing_any_more(tmp_path, part):
    card, server = card_of(judges.strong, tmp_path / "parts")
    shelf = CardShelf(tmp_path)
    shelf.put(card.model_copy(update={part: "older"}))
    assert shelf.get("openai:m", server.base_url) is None
    assert shelf.trust("llm:openai:m", server.base_url) is Trust.UNCHECKED
    assert [one.model for one in shelf.cards()] == ["openai:m"]


def test_a_card_that_cannot_be_read_is_no_card(tmp_path):
    shelf = CardShelf(tmp_path)
    shelf.folder.mkdir()
    shelf._file("openai:m", "").write_text("{}", "utf-8")
    assert shelf.get("openai:m") is None
    assert shelf.cards() == []
