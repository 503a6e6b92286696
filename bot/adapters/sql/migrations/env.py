"""Runs migrations on the connection, and in the transaction, that the program has opened."""

from alembic import context

from bot.adapters.sql.learning_tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
