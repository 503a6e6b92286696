"""The migrations make the tables that the program uses, and older databases keep their data."""

import shutil
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from test_store_contract import parsed

from bot.adapters.sql import DATABASE_NAME, open_store
from bot.adapters.sql.database import make_engine
from bot.adapters.sql.learning_tables import Table
from bot.adapters.sql.schema import HEAD, MIGRATIONS, upgrade
from bot.domain.errors import StorageBroken
from bot.domain.quizzes import QuizMode

NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"

def upgrade():
    with op.batch_alter_table("documents", recreate="always") as batch:
        batch.add_column(sa.Column("language", sa.String(), server_default="zh"))
    {more}
"""


@pytest.fixture
def home(tmp_path):
    """A home directory whose database holds one document."""
    store = open_store(tmp_path)
    store.notes.save(parsed("a", "one", "two"))
    store.close()
    return tmp_path


def next_revision(folder, more: str = ""):
    """The migrations of this program and one more, which rebuilds a table that others refer to."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "rev_9999.py").write_text(NEXT.format(head=HEAD, more=more))
    return folder


def test_the_models_are_what_the_migrations_make(home):
    engine = make_engine(home / DATABASE_NAME)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_the_program_knows_its_newest_revision():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_older_database_keeps_its_data(home, tmp_path):
    upgrade(home / DATABASE_NAME, next_revision(tmp_path / "scripts"), "9999")
    with sqlite3.connect(home / DATABASE_NAME) as connection:
        assert connection.execute("SELECT id, language FROM documents").fetchall() == [("a", "zh")]
        assert connection.execute("SELECT count(*) FROM chunks").fetchone() == (2,)
    connection.close()


def test_a_migration_that_fails_changes_nothing(home, tmp_path):
    scripts = next_revision(tmp_path / "scripts", more="raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(home / DATABASE_NAME, scripts, "9999")
    store = open_store(home)
    assert store.notes.parsed("a") == parsed("a", "one", "two")
    store.close()


def test_a_newer_database_is_left_alone_with_a_clear_message(home, tmp_path):
    upgrade(home / DATABASE_NAME, next_revision(tmp_path / "scripts"), "9999")
    before = (home / DATABASE_NAME).read_bytes()
    with pytest.raises(StorageBroken) as caught:
        open_store(home)
    assert "9999" in str(caught.value)
    assert (home / DATABASE_NAME).read_bytes() == before


def test_opening_again_needs_no_migration(home):
    for _ in range(2):
        store = open_store(home)
        assert [document.id for document in store.notes.documents()] == ["a"]
        store.close()


def test_a_quiz_of_the_first_release_goes_on_as_practice(tmp_path):
    scripts, home = tmp_path / "scripts", tmp_path / "home"
    home.mkdir()
    shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__", "rev_000[2-9]*"))
    upgrade(home / DATABASE_NAME, scripts, "0001")
    row = (
        "'a', '2026-01-01T00:00:00.000000+00:00', '{}', 3, '[{\"number\": 1, \"question_id\": \"q\"}]', 0, 1"
    )
    with sqlite3.connect(home / DATABASE_NAME) as connection:
        columns = "id, created_at, scope, length, turns, finished, version"
        connection.execute(f"INSERT INTO quizzes ({columns}) VALUES ({row})")
    connection.close()
    store = open_store(home)
    quiz = store.quizzes.quiz("a")
    assert (quiz.mode, quiz.current.number) == (QuizMode.PRACTICE, 1)
    store.quizzes.save_draft("a", 1, "想到一半")
    store.close()
    store = open_store(home)
    assert store.quizzes.draft("a", 1) == "想到一半"
    store.close()


def test_a_note_of_an_older_release_is_read_as_of_an_unknown_place(tmp_path):
    scripts, home = tmp_path / "scripts", tmp_path / "home"
    home.mkdir()
    shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__", "rev_0004*"))
    upgrade(home / DATABASE_NAME, scripts, "0003")
    columns = "id, source, collection, format, title, raw, sha256, front_matter"
    row = f"'a', 'a.md', 'own', 'markdown', 'A', 'x', '{'0' * 64}', '{{}}'"
    with sqlite3.connect(home / DATABASE_NAME) as connection:
        connection.execute(f"INSERT INTO documents ({columns}) VALUES ({row})")
    connection.close()
    store = open_store(home)
    note = store.notes.document("a")
    assert (note.source, note.origin) == ("a.md", None)
    store.close()
