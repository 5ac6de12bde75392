"""`python -m bench [--storage]`: ratios against a baseline in the same run, with the machine beside them."""

import os
import sys

import django

from hipcare import postgres


def main() -> None:
    """Settings and a database of its own first; what needs them is imported then."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.setdefault("HIPCARE_MODE", "development")
    postgres.use_embedded_unless_configured("bench-postgres")
    django.setup()
    from bench import run

    if sys.argv[1:] == ["--storage"]:
        run.run_storage()
    else:
        run.run()


if __name__ == "__main__":
    main()
