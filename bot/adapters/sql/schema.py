"""Bringing a database to the schema of this program."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.adapters.sql.database import make_engine
from bot.adapters.sql.failures import told_plainly
from bot.domain.errors import StorageBroken

HEAD = "0004"
"""Newest revision in migrations/versions: a database that has it is opened without loading Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(file: Path, scripts: Path = MIGRATIONS, head: str = HEAD) -> None:
    """Create the database or bring it up to date, in one transaction.

    Args:
        file: The database; its folder exists.
        scripts: Folder of an Alembic environment.
        head: Newest revision in it.

    Raises:
        StorageBroken: The file is no database, or a newer program wrote it.
        StorageFull: The disk took no more; the database is as it was.
    """
    engine = make_engine(file, foreign_keys=False)
    try:
        with told_plainly(file), engine.connect() as connection:
            if revision(connection) == head:
                return
        with told_plainly(file), engine.execution_options(writing=True).begin() as connection:
            migrate(connection, scripts, file)
    finally:
        engine.dispose()


def revision(connection: Connection) -> str | None:
    """Revision a database has, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def migrate(connection: Connection, scripts: Path, file: Path) -> None:
    """Run the migrations that are missing, within the connection's transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    stored = revision(connection)
    if stored is not None and stored not in known:
        raise StorageBroken("store.newer", file=file, revision=stored)
    command.upgrade(config, "head")
    if connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StorageBroken("store.broken", file=file, why="foreign_key_check")
