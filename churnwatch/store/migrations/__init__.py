"""The way from any earlier schema to today's: one numbered file per change in `versions`, run when a store is opened."""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from churnwatch.core.errors import StoreError


def is_current(connection: Connection) -> bool:
    """Whether nothing is left to do; `StoreError` if the schema comes from a newer churnwatch."""
    script = _script()
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in script.walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The database has schema {revision}; this churnwatch knows schemas up to {script.get_current_head()}.",
            remedy="It was written by a newer churnwatch: install that version.",
        )
    return revision == script.get_current_head()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run what is missing up to a revision inside the caller's transaction: all of it or nothing."""
    script = _script()

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(to, revision)

    with EnvironmentContext(Config(), script, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def _script() -> ScriptDirectory:
    return ScriptDirectory(Path(__file__).parent)
