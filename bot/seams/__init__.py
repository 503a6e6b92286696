"""The outside world as this project sees it: small protocols, passed in, faked in tests.

Adapters in bot.adapters implement them; nothing above knows which one it got.
"""

from bot.seams.embedding import Embedder, TokenEmbedder, TokenVectors, Vectors
from bot.seams.index import Index, IndexBuild, LexicalHit, LexicalIndex, VectorHit, VectorIndex, Window
from bot.seams.language_models import EMBEDDED_MODEL_PREFIX, LanguageModel, Message, Reply
from bot.seams.stores import (
    ConversationStore,
    EmbeddingCache,
    GradeStore,
    JobStore,
    NoteStore,
    QuestionStore,
    QuizStore,
    Store,
)
from bot.seams.watching import Clock, Progress, no_progress

__all__ = [
    "EMBEDDED_MODEL_PREFIX",
    "Clock",
    "ConversationStore",
    "Embedder",
    "EmbeddingCache",
    "GradeStore",
    "Index",
    "IndexBuild",
    "JobStore",
    "LanguageModel",
    "LexicalHit",
    "LexicalIndex",
    "Message",
    "NoteStore",
    "Progress",
    "QuestionStore",
    "QuizStore",
    "Reply",
    "Store",
    "TokenEmbedder",
    "TokenVectors",
    "VectorHit",
    "VectorIndex",
    "Vectors",
    "Window",
    "no_progress",
]
