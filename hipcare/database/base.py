"""The database engine named in the settings: Django's own for PostgreSQL, with one rule on top.

A request that finds no connection waits for the pool's timeout. While it waits its thread answers nobody, so with the
database down requests would queue for many times that. Therefore, when one has waited in vain, the others of this
process are refused at once for a second, and the answer stays within two seconds however many ask.
"""

import time
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

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
