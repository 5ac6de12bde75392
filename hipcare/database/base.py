"""The database engine named in the settings: Django's own for PostgreSQL, with two rules on top.

Every connection acts for the caller of the request (`hipcare.database.caller`), from before the first question on.

A request that finds no connection waits for the pool's timeout. While it waits its thread answers nobody, so with the
database down requests would queue for many times that. Therefore, when one has waited in vain, the others of this
process are refused at once for a second, and the answer stays within two seconds however many ask.
"""

import time
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from hipcare.database import caller

# Both at once, and the same text every time, so that it is prepared.
_TAKE_CALLER = "SELECT set_config('role', %s, false), set_config('hipcare.organisation', %s, false)"

REFUSE_FOR_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Gets connections from the pool, unless it has just timed out."""

    refused_until: ClassVar[float] = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; raises `psycopg.OperationalError` when the database is away."""
        if time.monotonic() < DatabaseWrapper.refused_until:
            raise OperationalError("the database did not answer a moment ago")
        try:
            return super().get_new_connection(conn_params)
        except PoolTimeout:
            DatabaseWrapper.refused_until = time.monotonic() + REFUSE_FOR_SECONDS
            raise

    def init_connection_state(self) -> None:
        """Prepare a connection that was just opened or taken from the pool, where it acted for somebody else."""
        super().init_connection_state()
        self.take_caller()

    def take_caller(self) -> None:
        """Act for the current caller from now on; raises `psycopg.Error` if the user of the database may not."""
        now = caller.current()
        role, organisation_id = ("none", None) if now is None else (now.role, now.organisation_id)
        with self.wrap_database_errors:
            self.connection.execute(_TAKE_CALLER, [role, str(organisation_id or "")], prepare=True)
