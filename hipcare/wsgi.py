"""What a WSGI server loads: `granian --interface wsgi hipcare.wsgi:application`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hipcare.settings")
try:
    application = get_wsgi_application()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
