"""The judge that asks a language model, and believes only what code can find in the answer."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ValidationError, create_model

from bot.domain.errors import ModelUnavailable, ReplyUnusable
from bot.domain.grades import STATUS_VALUE, AnswerQuote, Status, Verdict
from bot.domain.judges import LLM_PREFIX
from bot.domain.spans import digest
from bot.grading.judging import GradingCase, Judge
from bot.grading.quotes import verified
from bot.prompts.judge import judge_prompt
from bot.prompts.replies import read_json
from bot.seams import LanguageModel

_TOKENS = 500
_TOKENS_PER_POINT = 200
_AGREED, _NEAR, _OPPOSED = 0.95, 0.7, 0.4
"""Confidence when the second opinion says the same, differs by half a point, or by a whole one."""
_NOT_FOUND = (
    "Your last reply could not be used: the quotes for these key points are not in the answer, "
    "or only repeat the question. Judge again."
)
_NOT_JSON = "Your last reply could not be used: it was not JSON of the form asked for. Judge again."
_AGAIN = "This is an independent second reading of these key points: read the answer afresh."


class _PointReply(BaseModel):
    number: int
    quote: str
    status: Literal["covered", "partial", "missing", "contradicted"]
    sure: bool = True
    conflict: bool = False


class _Reply(BaseModel):
    thoughts: str = ""
    points: list[_PointReply]


@dataclass(frozen=True, slots=True)
class _Look:
    """One opinion of the model on one key point, its quote already checked."""

    status: Status
    quote: AnswerQuote | None
    sure: bool
    conflict: bool
    failed: bool
    """Whether it claimed a quote that is not there."""
    retried: bool = False
    """Whether it was asked for once more for that reason."""


class ModelJudge:
    """Any language model as judge: one call for all points, further ones only where there is doubt.

    Args:
        model: Any chat model; about 8B and up, or a hosted one.
        second: A judge that costs nothing; where it disagrees, confidence is lower. None: nobody is asked.
        once: Leave the second look out, so that a good reply is the only call.
    """

    def __init__(self, model: LanguageModel, second: Judge | None, *, once: bool = False) -> None:
        self._model = model
        self._second = second
        self._once = once

    @property
    def path(self) -> str:
        """'llm:' and the model's name."""
        return LLM_PREFIX + self._model.name

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point.

        Only the first look must succeed. Where quotes cannot be asked for once more, their points stay
        missing and unverified; where the second look, or the second opinion, cannot be had, verdicts stand
        with less confidence.

        Raises:
            ModelUnavailable: The model does not answer.
            ReplyUnusable: It answered twice, but not in the form asked for.
        """
        points = {number: point.text for number, point in enumerate(case.key_points, start=1)}
        looks = self._look(case, points)
        failed = {number: points[number] for number, look in looks.items() if look.failed}
        once_more = self._further_look(case, failed, _NOT_FOUND)
        looks |= {
            number: replace(look, retried=not look.failed) for number, look in (once_more or {}).items()
        }
        is_gone = once_more is None  # after all its tries: a learner need not wait for as many again
        again = {} if self._once or is_gone else self._look_again(case, points, looks)
        return tuple(
            _verdict(looks[number], again.get(number), other)
            for number, other in enumerate(self._others(case), start=1)
        )

    def _look_again(
        self, case: GradingCase, points: Mapping[int, str], looks: Mapping[int, _Look]
    ) -> dict[int, _Look]:
        """A second look at what is in doubt, in another order; one that proves nothing is left out."""
        doubtful = [number for number in points if _doubtful(looks[number])]
        order = _shuffled(doubtful, list(points), case)
        again = self._further_look(case, {number: points[number] for number in order}, _AGAIN) or {}
        return {number: look for number, look in again.items() if not look.failed}

    def _further_look(
        self, case: GradingCase, points: Mapping[int, str], note: str
    ) -> dict[int, _Look] | None:
        """A look the grade can do without: empty without a usable reply, None where the model is gone."""
        try:
            return self._look(case, points, note) if points else {}
        except ReplyUnusable:
            return {}
        except ModelUnavailable:
            return None

    def _others(self, case: GradingCase) -> Sequence[Verdict | None]:
        nobody = [None] * len(case.key_points)
        try:
            return self._second.judge(case) if self._second else nobody
        except ModelUnavailable:
            return nobody

    def _look(self, case: GradingCase, points: Mapping[int, str], note: str = "") -> dict[int, _Look]:
        replies = self._ask(case, points, note)
        return {reply.number: _checked(case, reply) for reply in replies}

    def _ask(self, case: GradingCase, points: Mapping[int, str], note: str) -> Sequence[_PointReply]:
        """Entries for exactly these points; a malformed reply is asked for once more."""
        schema = _schema_for(points)
        for _ in range(2):
            messages = judge_prompt(case.question, points, case.screening.readable, note)
            budget = _TOKENS + _TOKENS_PER_POINT * len(points)
            reply = self._model.reply(messages, max_tokens=budget, schema=schema)
            try:
                return read_json(schema, reply.text).points
            except ValidationError as error:
                first = error.errors()[0]
                note = str(first.get("ctx", {}).get("error", _NOT_JSON))
        raise ReplyUnusable("grading.model_garbled", model=self._model.name)


def _schema_for(points: Mapping[int, str]) -> type[_Reply]:
    """The reply that holds each of these points once; any other is not valid, and so never kept."""

    def complete(entries: list[_PointReply]) -> list[_PointReply]:
        if sorted(entry.number for entry in entries) != sorted(points):
            raise ValueError(
                "Your last reply could not be used: it must hold exactly one entry for each of the numbers "
                f"{', '.join(map(str, points))}. Judge again."
            )
        return entries

    checked = Annotated[list[_PointReply], AfterValidator(complete)]
    return create_model("_Reply", __base__=_Reply, points=(checked, ...))


def _shuffled(chosen: Sequence[int], asked: Sequence[int], case: GradingCase) -> list[int]:
    """The chosen numbers in an order that depends on the case alone and is not the one of the first look."""
    order = list(chosen)
    random.Random(digest(case.question, case.answer)).shuffle(order)
    if order == [number for number in asked if number in chosen]:
        order.reverse()
    return order


def _checked(case: GradingCase, reply: _PointReply) -> _Look:
    status = Status(reply.status)
    quote = None if status is Status.MISSING else verified(case, reply.quote)
    failed = quote is None and status is not Status.MISSING
    return _Look(
        status=Status.MISSING if failed else status,
        quote=quote,
        sure=reply.sure and not failed,
        conflict=reply.conflict,
        failed=failed,
    )


def _doubtful(look: _Look) -> bool:
    return look.status in (Status.PARTIAL, Status.CONTRADICTED) or not look.sure


def _verdict(first: _Look, again: _Look | None, other: Verdict | None) -> Verdict:
    """Mean of the looks, an unverified one as nothing; the second opinion moves the confidence only."""
    looks = [first] if again is None else [first, again]
    value = sum(STATUS_VALUE[look.status] for look in looks) / len(looks)
    status = first.status if len({look.status for look in looks}) == 1 else _status_of(value, looks)
    quote = next((look.quote for look in looks if look.status is status and look.quote), None)
    quote = quote or next((look.quote for look in looks if look.quote), None)
    confidence = _AGREED if other is None else _beside(value, status, other)
    unsure = _unsure(first, again, alone=other is None)
    return Verdict(
        status=status,
        confidence=min(confidence, _NEAR) if unsure else confidence,
        quote=None if status is Status.MISSING else quote,
        value=0.0 if status in (Status.MISSING, Status.CONTRADICTED) else value,
        unverified=first.failed and (again is None or again.quote is None),
        retried=first.retried,
        conflict=any(look.conflict for look in looks),
    )


def _unsure(first: _Look, again: _Look | None, *, alone: bool) -> bool:
    """Whether a doubt is left: evidence was not there, two looks differ, or nobody else settled it."""
    if first.failed or (again is not None and again.status is not first.status):
        return True
    if alone:
        return not (again or first).sure
    return again is None and _doubtful(first)


def _beside(value: float, status: Status, other: Verdict) -> float:
    """Confidence beside a second opinion."""
    distance = abs(value - STATUS_VALUE[other.status]) + (status is not other.status) * 0.25
    return _AGREED if distance < 0.25 else _NEAR if distance <= 0.75 else _OPPOSED


def _status_of(value: float, looks: Sequence[_Look]) -> Status:
    """One status for looks that differ."""
    if value >= 0.75:
        return Status.COVERED
    if value >= 0.25:
        return Status.PARTIAL
    return (
        Status.CONTRADICTED if any(look.status is Status.CONTRADICTED for look in looks) else Status.MISSING
    )
