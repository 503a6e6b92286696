"""Feedback, rendered from the verified verdicts: nothing is said that the grade does not hold."""

import re

from bot.domain.grades import Flag, Grade, Status, Verdict
from bot.domain.questions import KeyPoint
from bot.domain.spans import Frozen
from bot.grading.normal import plain
from bot.grading.stance import numbers
from bot.grading.words import terms, unit_set
from bot.texts import Language, say

_REASON = re.compile(r"因为|由于|所以|因此|原因|导致|使得|because|since|therefore|reason|causes")
_CONTRAST = re.compile(r"而|相比|不同|但|whereas|while|unlike|in contrast|but ")
_TOPIC_CHARS = 40
_MOST_LACKING = 4


class PointFeedback(Frozen):
    """What is said about one key point."""

    status: Status
    title: str
    """With the key point's text where it may be shown."""
    label: str
    """The status in words."""
    answer_quote: str | None
    note_quote: str | None
    """None where it would give the answer away, or where the key point has none."""
    remark: str
    """What is missing, or why the point does not count; may be empty."""


class Feedback(Frozen):
    """What a learner reads after an answer."""

    score: str
    points: tuple[PointFeedback, ...]
    flags: tuple[str, ...]
    ideal: tuple[str, ...]
    """The model answer, a statement each; empty where it would give the answer away."""
    follow_up: str | None
    """One question about the first gap; None where there is no gap."""
    lang: Language

    @property
    def text(self) -> str:
        """All of it as plain text."""
        lines = [self.score, *self.flags]
        for point in self.points:
            lines.append(f"{point.title} {point.label}")
            if point.answer_quote is not None:
                lines.append("  " + say("grading.your_words", lang=self.lang, quote=point.answer_quote))
            if point.note_quote is not None:
                lines.append("  " + say("grading.note_words", lang=self.lang, quote=point.note_quote))
            lines += [f"  {point.remark}"] if point.remark else []
        if self.ideal:
            lines += [say("grading.ideal", lang=self.lang), *self.ideal]
        return "\n".join(lines + ([self.follow_up] if self.follow_up else []))


def feedback(grade: Grade, *, reveal: bool = True, lang: Language = "zh") -> Feedback:
    """Feedback on a grade.

    Args:
        grade: With verdicts, or the record of one that failed.
        reveal: False where key points that the answer lacks must stay hidden (mock interview, exam).
        lang: Language of the words around the quotes.
    """
    if grade.score is None:
        line = say("grading.failed", lang=lang, error=grade.error or "")
        return Feedback(score=line, points=(), flags=_flags(grade, lang), ideal=(), follow_up=None, lang=lang)
    pairs = list(zip(grade.key_points, grade.verdicts, strict=True))
    return Feedback(
        score=say("grading.score", lang=lang, score=round(100 * grade.score)),
        points=tuple(
            _point(number, point, verdict, _Manner(reveal=reveal, lang=lang, grade=grade))
            for number, (point, verdict) in enumerate(pairs, start=1)
        ),
        flags=_flags(grade, lang),
        ideal=tuple(point.text for point in grade.key_points) if reveal else (),
        follow_up=_follow_up(grade, lang),
        lang=lang,
    )


def gives_away(text: str, grade: Grade) -> bool:
    """Whether a text says most of what only a key point holds that was not covered."""
    said = unit_set(plain(text))
    known = unit_set(plain(grade.question)) | unit_set(plain(grade.answer))
    pairs = zip(grade.key_points, grade.verdicts, strict=True)
    hidden = [unit_set(plain(p.text)) - known for p, v in pairs if v.status is not Status.COVERED]
    return any(len(words & said) > len(words) / 2 for words in hidden if words)


class _Manner(Frozen):
    reveal: bool
    lang: Language
    grade: Grade


def _point(number: int, point: KeyPoint, verdict: Verdict, manner: _Manner) -> PointFeedback:
    lang = manner.lang
    shown = manner.reveal or verdict.status is Status.COVERED
    title = (
        say("grading.point_shown", lang=lang, number=number, text=point.text)
        if shown
        else say("grading.point_hidden", lang=lang, number=number)
    )
    return PointFeedback(
        status=verdict.status,
        title=title + ("" if point.vital else say("grading.bonus", lang=lang)),
        label=say(f"grading.status_{verdict.status}", lang=lang),
        answer_quote=verdict.quote.text if verdict.quote else None,
        note_quote=_note_quote(point, manner) if shown else None,
        remark=_remark(point, verdict, manner),
    )


def _note_quote(point: KeyPoint, manner: _Manner) -> str | None:
    """The note's words on a key point, unless they hold another one that must stay hidden."""
    if point.quote is None or (not manner.reveal and gives_away(point.quote.text, manner.grade)):
        return None
    return point.quote.text


def _remark(point: KeyPoint, verdict: Verdict, manner: _Manner) -> str:
    if verdict.unverified:
        return say("grading.unverified", lang=manner.lang)
    if verdict.status is not Status.PARTIAL or not manner.reveal:
        return ""
    lacking = lacking_words(point.text, verdict.quote.text if verdict.quote else "")
    return say("grading.lacking", lang=manner.lang, words=", ".join(lacking)) if lacking else ""


def lacking_words(point: str, said: str) -> list[str]:
    """Terms and words of a key point that a quote does not hold, as the key point writes them, in order."""
    normal = plain(point)
    known = unit_set(plain(said))
    found = [
        normal[token.start : token.end]
        for token in terms(normal)
        if token.kind in ("term", "word", "num")
        and token.end - token.start > 1
        and not (unit_set(normal[token.start : token.end]) & known)
    ]
    return [word for word in dict.fromkeys(found) if unit_set(word)][:_MOST_LACKING]


def _flags(grade: Grade, lang: Language) -> tuple[str, ...]:
    return tuple(say(f"grading.flag_{flag}", lang=lang) for flag in Flag if flag in grade.flags)


def _follow_up(grade: Grade, lang: Language) -> str | None:
    """A question at the first gap, made of the question's and the learner's words only."""
    gaps = [
        (p, v)
        for p, v in zip(grade.key_points, grade.verdicts, strict=True)
        if v.status is not Status.COVERED
    ]
    wrong = [pair for pair in gaps if pair[1].status is Status.CONTRADICTED]
    if not gaps:
        return None
    point, verdict = (wrong or gaps)[0]
    if verdict.quote is not None:
        return say(f"grading.follow_up_{verdict.status}", lang=lang, quote=verdict.quote.text)
    if numbers(plain(point.text)) - numbers(plain(grade.question)):
        return say("grading.follow_up_number", lang=lang)
    if _REASON.search(point.text.lower()):
        return say("grading.follow_up_reason", lang=lang)
    if _CONTRAST.search(point.text.lower()):
        return say("grading.follow_up_contrast", lang=lang)
    return say("grading.follow_up_missing", lang=lang, topic=grade.question[:_TOPIC_CHARS].rstrip("？?。. "))
