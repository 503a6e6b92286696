"""A card says nothing any more once what the judge goes by has changed."""

from bot.checking import versions
from bot.checking.versions import judged_by
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.grading.judge_embedded import shipped_stacks
from bot.grading.verifier import shipped_verifier
from bot.models.adapter import adapter_version


def test_the_stack_that_ships_was_fitted_for_the_adapter_that_ships():
    assert shipped_stacks().adapter == adapter_version()


def test_other_weights_are_another_version(monkeypatch):
    before = [judged_by(model) for model in (NO_MODEL, EMBEDDED, "openai:m", "systemone:m")]
    other = shipped_verifier().model_copy(update={"token_rarity": {}})
    versions._verifier.cache_clear()
    monkeypatch.setattr(versions, "shipped_verifier", lambda: other)
    after = [judged_by(model) for model in (NO_MODEL, EMBEDDED, "openai:m", "systemone:m")]
    versions._verifier.cache_clear()
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, False, True, True]


def test_another_adapter_is_another_version(monkeypatch):
    before = judged_by(EMBEDDED)
    other = shipped_stacks().model_copy(update={"adapter": "another"})
    monkeypatch.setattr(versions, "shipped_stacks", lambda: other)
    assert judged_by(EMBEDDED) != before
