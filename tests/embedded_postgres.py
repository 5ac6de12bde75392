"""pytest plugin, loaded before pytest-django: test mode, and the tests' own embedded PostgreSQL without `DATABASE_URL`.

Its data directory is not the one of `make serve`, and it trades safety in a power cut for speed.
"""

import os

from hipcare import postgres

os.environ["HIPCARE_MODE"] = "test"
postgres.use_embedded_unless_configured("test-postgres", durable=False)
