"""Alembic's environment, run by bot.adapters.sql.schema; there is no alembic.ini.

A new revision: write versions/rev_NNNN_what.py by hand, raise schema.HEAD, and run
tests/adapters/test_sql_migrations.py.
"""
