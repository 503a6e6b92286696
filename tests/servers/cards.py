"""What the model check finds of scripted judges, as a table: `PYTHONPATH=tests python -m servers.cards`."""

import sys
import tempfile
from pathlib import Path

from servers import judges
from servers.judges import JudgeServer

from bot.adapters.llm.hosted import hosted_model
from bot.checking import ModelCheck, Subject, WatchedModel
from bot.checking.probes import shipped_probes
from bot.checking.versions import judged_by
from bot.grading.judge_llm import ModelJudge
from bot.seams import no_progress
from bot.settings import Settings

CHARACTERS = (
    judges.strong,
    judges.lenient,
    judges.stubborn,
    judges.fickle,
    judges.garbled,
    judges.slow,
)
HEADS = (
    "Judge", "Path", "Trust", "Content-free earns", "Opposite noticed", "Follows the key point",
    "Moved by order", "Usable JSON", "Agreement", "Floor", "Calls", "Why not better",
)  # fmt: skip


def card_of(character, folder, **options):
    """The card of a scripted judge, and the server that played it."""
    with JudgeServer(character, **options) as server:
        timeout = 0.3 if character is judges.slow else 30.0
        return ModelCheck(shipped_probes(), folder).run(subject(server, timeout), no_progress), server


def subject(server, timeout=30.0):
    """A scripted judge as the check asks it."""
    settings = Settings(
        llm="openai:m", llm_base_url=server.base_url, llm_timeout=timeout, llm_retries=0, llm_cache=False
    )
    model = hosted_model(settings)
    watched = WatchedModel(model)
    judge = ModelJudge(watched, None, once=True)
    version = judged_by("openai:m")
    return Subject("openai:m", judge, judge, version, model.gives_logprobs, watched, server.base_url)


def cards():
    """The card of each of them by name, and the server that played it."""
    with tempfile.TemporaryDirectory() as folder:
        return {one.__name__: card_of(one, Path(folder) / one.__name__) for one in CHARACTERS}


def table(found):
    """All of them, in Markdown."""
    rows = [HEADS, ("---",) * len(HEADS)]
    for name, (card, _) in found.items():
        shares = [card.content_free, card.negation, card.adherence, card.order_flips, card.json_valid]
        figures = [f"{figure:.2f}" for figure in (*shares, card.agreement, card.floor)]
        why = ", ".join(card.reasons) or "–"
        rows.append((name, card.path, card.trust, *figures, card.calls, why))
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(table(cards()))
