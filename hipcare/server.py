"""The production HTTP server: granian, configured in one place for `make serve` and for a container.

    python -m hipcare.server --host 0.0.0.0 --workers 4

Every worker process answers with `THREADS` threads; see docs/adr/0007-wsgi-server.md for the figures.
"""

import argparse
import multiprocessing
import os
import sys
from tempfile import TemporaryDirectory

from django.core.exceptions import ImproperlyConfigured
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from hipcare import logging
from hipcare.environment import read_environment
from hipcare.parent import stop_with_parent

THREADS = 2
WORKERS = min(4, os.cpu_count() or 1)


def main() -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    options = _options()
    try:
        environment = read_environment(os.environ)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    # Workers start from nothing on every platform, instead of as copies of a process that has threads.
    multiprocessing.set_start_method("spawn")
    server = Granian(
        "hipcare.wsgi:application",
        address=options.host,
        port=options.port or environment.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=options.workers,
        blocking_threads=THREADS,
        workers_kill_timeout=10 if environment.is_production else 3,
        respawn_failed_workers=environment.is_production,
        log_level=LogLevels(environment.log_level.lower()),
        log_dictconfig=logging.configuration(environment.log_level),
    )
    if options.stop_with_parent:
        server.on_startup(stop_with_parent)
    with TemporaryDirectory(prefix="hipcare-metrics-") as directory:
        if environment.metrics:
            # The workers count into it; it is empty at every start, as counters should be.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        server.serve()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hipcare.server", description="Serve hipcare over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PORT, or 8000)")
    parser.add_argument("--workers", type=int, default=WORKERS, help="worker processes (default: %(default)s)")
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when standard input is closed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
