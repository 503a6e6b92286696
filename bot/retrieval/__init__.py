"""Finding the passages that a query is about, and judging whether they hold the answer."""

from bot.retrieval.calibration import calibrate
from bot.retrieval.evidence import ANSWERABLE, EvidenceGate
from bot.retrieval.retriever import Retriever

__all__ = ["ANSWERABLE", "EvidenceGate", "Retriever", "calibrate"]
