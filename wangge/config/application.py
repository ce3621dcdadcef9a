"""What answers over HTTP: Django, and the files of the built pages before it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from wangge.config.files import with_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
application = with_files(get_wsgi_application(), settings.WEB_DIST)
