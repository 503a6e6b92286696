"""Everything that is true, in one SQLite file: documents, questions, grades, quizzes, conversations, jobs."""

from bot.adapters.sql.store import DATABASE_NAME, SqlStore, open_store

__all__ = ["DATABASE_NAME", "SqlStore", "open_store"]
