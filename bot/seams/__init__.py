"""The outside world as this project sees it: small protocols, passed in, faked in tests.

Adapters in bot.adapters implement them; nothing above knows which one it got.
"""

from bot.seams.decisions import Choice, DecisionModel, Probabilities
from bot.seams.embedding import Embedder, TokenEmbedder, TokenVectors, Vectors
from bot.seams.index import Index, IndexBuild, LexicalHit, LexicalIndex, VectorHit, VectorIndex, Window
from bot.seams.language_models import (
    LanguageModel,
    Message,
    PassingModel,
    Piece,
    Reply,
    WordReader,
    close_stream,
    is_embedded,
)
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
    "Choice",
    "Clock",
    "ConversationStore",
    "DecisionModel",
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
    "PassingModel",
    "Piece",
    "Probabilities",
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
    "WordReader",
    "close_stream",
    "is_embedded",
    "no_progress",
]
