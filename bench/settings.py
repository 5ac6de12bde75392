"""The project's own settings with the baseline views beside the API, so that both run on the same server."""

from hipcare.settings import *  # noqa: F403 - a settings module is its names

ROOT_URLCONF = "bench.urls"
