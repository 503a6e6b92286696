"""The examiner: verdicts per key point with quotes that code has checked, and a score that follows.

Each of these builds only on those above it or beside it.

normal, words, lexicon, clauses    text in normal form, its words, its sentences and clauses
stance                             what a text says of another: denies it, turns it round, doubts it
gate                               what needs no judge; with languages, fillers, copying, topic, and against
                                   talk to the examiner injection, orders, disguise, encoded
judging                            what a judge is given and gives back
quotes, checks                     what code knows better than any judge; both act only downwards; with pairs
                                   and roles, which find what is said of another thing than it is true of
evidence, carrying                 what in an answer speaks to each key point; with token_space, alignment,
                                   and what is not read of it: manner and term_rows
features, verifier, safeguards     numbers of that evidence, probabilities from them, rules over those
judge_features, judge_embedded     the judges that ship: without a language model, and reading one
judge_llm, judge_decision          the judges that ask: any language model, any decision model
grader                             gate, judge, checks, and the record of it all
opening                            the judge that fits a model
feedback, hints                    what a learner reads before and after
"""

from bot.grading.feedback import Feedback, feedback
from bot.grading.gate import check_length
from bot.grading.grader import Grader
from bot.grading.hints import HINT_LEVELS, hint
from bot.grading.judging import GradingCase, Judge, Watch, no_watch
from bot.grading.opening import make_decision_judge, make_embedded_judge, make_judge

__all__ = [
    "HINT_LEVELS",
    "Feedback",
    "Grader",
    "GradingCase",
    "Judge",
    "Watch",
    "check_length",
    "feedback",
    "hint",
    "make_decision_judge",
    "make_embedded_judge",
    "make_judge",
    "no_watch",
]
