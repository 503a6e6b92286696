"""From a question to the notes to checked, cited sentences, or to an honest no."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from bot.domain.answers import CitedSentence, Decider, Explanation, Outcome
from bot.domain.conversations import ConversationTurn
from bot.domain.errors import BadInput, ModelUnavailable
from bot.domain.notes import Topic
from bot.domain.sentences import sentences
from bot.explaining.conflicts import conflicts
from bot.explaining.draft import Draft
from bot.explaining.followup import standalone
from bot.explaining.passages import passage_sentences, reliable_first
from bot.explaining.support import SupportChecker, is_lead_in, without_markers, without_numbers
from bot.prompts.answer import NOT_IN_NOTES, answer_prompt
from bot.retrieval import ANSWERABLE, EvidenceGate, Retriever
from bot.seams import LanguageModel, close_stream, is_embedded
from bot.texts import current_language

MAX_QUERY_CHARS = 2000
SHOWN = 5
"""Hits that are shown below an answer."""
GIVEN = 3
"""Hits that a language model reads."""
TOPIC_NAMED = 0.5
"""Share of an outline entry's words that a query has to name."""
LEAD_IN_COVERED = 0.5
"""Share of the words of "… as follows:" that the question has to hold."""
SURELY_HELD = 0.75
"""Evidence from which a small model's word that the notes hold nothing is not enough: most of its refusals
above this were wrong (evals/sets/gate_dev.jsonl and the development half of refuse_zh.jsonl)."""
MAX_TOKENS = 600
"""Of a language model's answer."""


def check_query(query: str) -> str:
    """The query without white space around it.

    Raises:
        BadInput: It is blank or longer than MAX_QUERY_CHARS.
    """
    query = query.strip()
    if not query:
        raise BadInput("explaining.blank")
    if len(query) > MAX_QUERY_CHARS:
        raise BadInput("explaining.too_long", limit=MAX_QUERY_CHARS, length=len(query))
    return query


class Explainer:
    """Answers questions to the notes.

    Args:
        retriever: Finds passages.
        gate: Decides from retrieval whether the notes hold an answer.
        topics: Gives the outline entries of the notes in use.
        model: Gives the language model that words answers, None to answer with the passages.
    """

    def __init__(
        self,
        retriever: Retriever,
        gate: EvidenceGate,
        topics: Callable[[], list[Topic]],
        model: Callable[[], LanguageModel | None],
    ) -> None:
        self._retriever = retriever
        self._gate = gate
        self._topics = topics
        self._model = model

    def explain(
        self,
        query: str,
        history: Sequence[ConversationTurn] = (),
        on_break: Callable[[Explanation], None] = lambda _: None,
    ) -> Generator[CitedSentence | Explanation]:
        """Checked sentences as they come, then the whole Explanation as the last item.

        Closing the generator stops the language model. What was yielded is never taken back.

        Args:
            query: The learner's words.
            history: Of the conversation, oldest first.
            on_break: Told the answer as far as it has come when the generator is closed before its end.

        Raises:
            BadInput: The query is blank or longer than MAX_QUERY_CHARS.
        """
        query = check_query(query)
        model = self._model()
        alone = standalone(query, history, model)
        found = self._retriever.search(alone)
        hits = [*reliable_first(found[:SHOWN]), *found[SHOWN:]]
        draft = Draft(query, alone, hits, self._gate.evidence(alone, found))
        try:
            yield from self._answered(draft, model)
        except GeneratorExit:
            if draft.sentences:
                outcome = Outcome.ANSWERED if model else Outcome.PASSAGES
                on_break(draft.explanation(outcome, Decider.EVIDENCE, hits[:SHOWN]))
            raise

    def _answered(self, draft: Draft, model: LanguageModel | None) -> Generator[CitedSentence | Explanation]:
        if draft.evidence < ANSWERABLE:
            yield self._refused(draft, Decider.EVIDENCE if draft.hits else Decider.EMPTY)
        elif model is None:
            yield from self._with_passages(draft, Decider.EVIDENCE)
        else:
            yield from self._with_model(draft, model)

    def _with_passages(
        self, draft: Draft, decider: Decider, problem: str = ""
    ) -> Iterator[CitedSentence | Explanation]:
        for text, support in passage_sentences(draft.standalone, draft.hits, self._gate):
            yield draft.add(text, [support])
        yield self._finished(draft, Outcome.PASSAGES, decider, problem)

    def _with_model(self, draft: Draft, model: LanguageModel) -> Iterator[CitedSentence | Explanation]:
        checker = SupportChecker(draft.hits[:GIVEN], self._gate.words, self._nearness(draft))
        prompt = answer_prompt(draft.standalone, draft.hits[:GIVEN], current_language())
        problem = ""
        stream = model.stream(prompt, max_tokens=MAX_TOKENS)
        try:
            for text in whole_sentences(stream):
                if NOT_IN_NOTES in text and not draft.sentences and self._may_refuse(model, draft):
                    yield self._refused(draft, Decider.MODEL)
                    return
                yield from self._checked(draft, checker, text)
        except ModelUnavailable as error:
            problem = str(error)
        finally:
            close_stream(stream)
        if any(sentence.citations for sentence in draft.sentences):
            yield self._finished(draft, Outcome.ANSWERED, Decider.EVIDENCE, problem)
        else:
            yield from self._with_passages(draft, Decider.EVIDENCE if problem else Decider.CHECK, problem)

    def _may_refuse(self, model: LanguageModel, draft: Draft) -> bool:
        return draft.evidence < SURELY_HELD or not is_embedded(model)

    def _checked(self, draft: Draft, checker: SupportChecker, text: str) -> Iterator[CitedSentence]:
        """What may be shown now: a supported sentence, and the words that announced it."""
        bare = without_markers(text)
        if not bare or NOT_IN_NOTES in bare:
            return
        support = checker.support(bare, draft.standalone)
        if support:
            if draft.lead_in:
                yield draft.add(draft.lead_in, [])
            draft.lead_in = ""
            yield draft.add(without_numbers(text), [support])
        elif is_lead_in(bare) and self._gate.words.coverage(bare, draft.standalone) >= LEAD_IN_COVERED:
            draft.lead_in = bare
        else:
            draft.dropped.append(bare)

    def _nearness(self, draft: Draft) -> Callable[[str, int], float]:
        def nearness(sentence: str, index: int) -> float:
            wanted = draft.hits[index].chunk.id
            similar = (hit.similarity for hit in self._retriever.search(sentence) if hit.chunk.id == wanted)
            return self._gate.nearness(next((value for value in similar if value is not None), -1.0))

        return nearness

    def _refused(self, draft: Draft, decider: Decider) -> Explanation:
        named = [topic for topic in self._topics() if draft.hits and self._names(topic, draft.standalone)]
        refused = draft.explanation(Outcome.REFUSED, decider, draft.hits[:SHOWN])
        return refused.model_copy(update={"topics": tuple(named[:SHOWN])})

    def _names(self, topic: Topic, query: str) -> bool:
        return self._gate.words.coverage(topic.text, query) >= TOPIC_NAMED

    def _finished(self, draft: Draft, outcome: Outcome, decider: Decider, problem: str) -> Explanation:
        pairs = conflicts(draft.standalone, draft.hits, self._gate.words)
        numbers = tuple((draft.cite(one), draft.cite(other)) for one, other in pairs)
        explanation = draft.explanation(outcome, decider, draft.hits[:SHOWN])
        return explanation.model_copy(update={"conflicts": numbers, "problem": problem})


def whole_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Sentences of a text that arrives in pieces, each as soon as the next one has begun."""
    buffer = ""
    for piece in pieces:
        buffer += piece
        spans = sentences(buffer)
        if len(spans) > 1:
            yield from (span.cut(buffer) for span in spans[:-1])
            buffer = buffer[spans[-1].start :]
    yield from (span.cut(buffer) for span in sentences(buffer))
