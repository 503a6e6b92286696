"""Key points by a language model, each checked by code against the passage."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.prompts.key_points import complaint_prompt, key_points_prompt
from bot.questions.point_checks import faithful, say_same, told_by
from bot.questions.point_making import (
    MOST_POINTS,
    Dropped,
    DropReason,
    Made,
    MadePoint,
    Passage,
    point_weight,
    with_a_vital,
)
from bot.questions.point_replies import PointsReply, read_points
from bot.questions.proposals import ProposedPoint
from bot.questions.quoting import find_quote
from bot.questions.words import is_chinese
from bot.seams import LanguageModel

TOKENS = 900
"""Of a reply."""
ATTEMPTS = 2
_COMPLAINTS = {
    DropReason.NO_QUOTE: 'this "quote" does not stand in the passage, copy it character by character',
    DropReason.UNSUPPORTED: 'this "point" says what its quote does not say',
    DropReason.TOLD: "the question says this already",
}


@dataclass(slots=True)
class _Checked:
    """What became of one reply."""

    points: list[MadePoint] = field(default_factory=list[MadePoint])
    dropped: list[Dropped] = field(default_factory=list[Dropped])
    mended: int = 0
    complaints: list[str] = field(default_factory=list[str])
    """Fit to be sent back; empty when there is nothing to do again."""


class ModelMaker:
    """Asks a language model, and once more with the complaints where something in its reply is wrong.

    Of the two replies the one counts of which more points hold; points that stay wrong are dropped.

    Args:
        model: Any.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def make(self, question: str, passage: Passage) -> Made:
        """Key points of `question`; none where no reply could be used.

        Raises:
            ModelUnavailable: The model does not answer.
        """
        language = "zh" if is_chinese(passage.text) else "en"
        messages = key_points_prompt(question, passage.text, MOST_POINTS, language)
        best = _Checked()
        calls = 0
        while calls < ATTEMPTS:
            calls += 1
            reply = self._model.reply(messages, max_tokens=TOKENS, schema=PointsReply)
            checked = _read(question, passage, reply.text, finished=reply.finished)
            if len(checked.points) >= len(best.points):
                best = checked
            if not checked.complaints:
                break
            messages = complaint_prompt(messages, reply.text, checked.complaints)
        return _made(best, calls)


def _checked(question: str, passage: Passage, proposed: Sequence[ProposedPoint]) -> _Checked:
    """The proposed points that hold, each with its place; a careless quote moves to the nearest one."""
    checked = _Checked()
    for point in proposed:
        _check(question, passage, point, checked)
    return checked


def _check(question: str, passage: Passage, point: ProposedPoint, checked: _Checked) -> None:
    place = find_quote(point.quote, passage.raw, passage.spans)
    if place is None:
        return _drop(checked, point.quote, DropReason.NO_QUOTE)
    quote = place.cut(passage.raw)
    text = faithful(point.text, quote, question)
    if text is None:
        return _drop(checked, point.text, DropReason.UNSUPPORTED)
    if told_by(question, text):
        return _drop(checked, text, DropReason.TOLD)
    if any(say_same(text, other.text) for other in checked.points):
        return _drop(checked, text, DropReason.REPEATED)
    checked.mended += quote != point.quote
    weight = point_weight(vital=not point.bonus)
    checked.points.append(MadePoint(text=text, weight=weight, vital=not point.bonus, place=place))
    return None


def _drop(checked: _Checked, text: str, reason: DropReason) -> None:
    checked.dropped.append(Dropped(text=text, reason=reason))
    if reason in _COMPLAINTS:
        checked.complaints.append(f"{_COMPLAINTS[reason]}: {text}")


def _read(question: str, passage: Passage, reply: str, *, finished: bool) -> _Checked:
    try:
        proposed = read_points(reply, finished=finished)
    except ValueError as error:
        return _Checked(complaints=[str(error)])
    return _checked(question, passage, proposed)


def _made(checked: _Checked, calls: int) -> Made:
    return Made(
        points=with_a_vital(checked.points),
        dropped=tuple(checked.dropped),
        mended=checked.mended,
        calls=calls,
    )
