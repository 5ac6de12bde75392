"""`python -m bench`: every measure as a ratio against a baseline in the same run, with the machine beside it."""

import os

import django

from hipcare import postgres


def main() -> None:
    """Settings and a database of its own first; what needs them is imported then."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.setdefault("HIPCARE_MODE", "development")
    postgres.use_embedded_unless_configured("bench-postgres")
    django.setup()
    from bench.run import run

    run()


if __name__ == "__main__":
    main()
