#!/usr/bin/env python
"""Command line of hipcare: `python manage.py help` lists what it can do.

Without `DATABASE_URL` this is a development machine: `HIPCARE_MODE` becomes `development` unless it is set, and the
embedded PostgreSQL runs for the time of the command. A web server that loads `hipcare.wsgi` assumes neither.
"""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from hipcare import postgres
from hipcare.environment import read_environment
from hipcare.postgres_programs import PostgresProblem


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hipcare.settings")
    # A polite kill ends like Ctrl-C does, through the exit handlers.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        prepare(sys.argv[1:])
    except (ImproperlyConfigured, PostgresProblem) as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


def prepare(arguments: list[str]) -> None:
    """Choose mode and database for the command; refuse a wrong environment before anything is started."""
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("HIPCARE_MODE", "development")
    read_environment(os.environ)
    if postgres.is_needed_for(arguments):
        postgres.use_embedded_unless_configured()


if __name__ == "__main__":
    main()
