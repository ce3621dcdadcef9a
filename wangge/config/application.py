"""What answers over HTTP: Django, who is let in to it, and the files of the built pages before both."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from wangge.config.admission import admitting
from wangge.config.files import with_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
application = with_files(
    admitting(get_wsgi_application(), at_once=settings.AT_ONCE, longest_plain=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    settings.WEB_DIST,
)
