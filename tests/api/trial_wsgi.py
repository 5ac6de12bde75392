"""The trial views as a WSGI application, for a real server."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.api.trial_urls"
application = get_wsgi_application()
