"""The judge in effect: the one the settings name, as far as its check lets it; and that check."""

from typing import Protocol

from bot.adapters.decisions_kept import kept_decision_model
from bot.adapters.llm.gate import Urgency
from bot.checking import CardShelf
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.grading import Grader, Judge, Watch, make_decision_judge, make_embedded_judge, make_judge, no_watch
from bot.seams import LanguageModel, TokenEmbedder, WordReader
from bot.settings import Settings

AUTO = "auto"
"""The setting `judge` that follows `llm`."""


class Judging(Protocol):
    """What judging needs of the product."""

    settings: Settings
    reader: TokenEmbedder
    """The encoder that the verifier was trained with."""

    def language_model(self, urgency: Urgency) -> LanguageModel | None:
        """The language model, None where there is none now."""
        ...

    def word_reader(self) -> WordReader | None:
        """The embedded language model as a judge reads it, None where there is none now."""
        ...


class JudgingDesk:
    """Gives the grader as settings and cards have it now.

    Args:
        product: Settings, embedder and language model.

    Raises:
        SettingWrong: The settings name no judge.
    """

    def __init__(self, product: Judging) -> None:
        self._product = product
        self._shelf = CardShelf(product.settings.home)
        named = product.settings.judge not in (AUTO, NO_MODEL)
        self._decisions = kept_decision_model(product.settings) if named else None

    def grader(self, watch: Watch = no_watch, *, by_reference: bool = False) -> Grader:
        """The grader with the judge that is in effect now.

        Args:
            watch: Told of each verdict.
            by_reference: Whether key points are parts of a reference answer; judges of our own know both.
        """
        judge, server = self._judge(by_reference)
        return Grader(judge, self._shelf.trust(judge.path, server), watch=watch)

    def _judge(self, by_reference: bool) -> tuple[Judge, str | None]:
        """The judge, and the server that its model is on."""
        settings, embedder = self._product.settings, self._product.reader
        if settings.judge == NO_MODEL:
            return make_judge(embedder, by_reference=by_reference), None
        if self._decisions is not None:
            card = self._shelf.get(settings.judge, settings.judge_base_url)
            judge = make_decision_judge(embedder, self._decisions, card, by_reference=by_reference)
            return judge, settings.judge_base_url
        reader = self._product.word_reader()
        if reader is not None:
            card = self._shelf.get(EMBEDDED)
            return make_embedded_judge(embedder, reader, card, by_reference=by_reference), None
        model = self._product.language_model(Urgency.VERDICT)
        card = self._shelf.get(model.name, settings.llm_base_url) if model else None
        return make_judge(embedder, model, card, by_reference=by_reference), settings.llm_base_url
