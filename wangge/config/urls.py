from django.urls import path

from wangge.config import web
from wangge.config.api import api

urlpatterns = [
    path("api/", api.urls),
    path("api/<path:rest>", web.no_such_operation),
    path("health", web.health),
    path("public/", web.page, {"name": "public"}),
    path("public/<path:rest>", web.page, {"name": "public"}),
    path("", web.page, {"name": "console"}),
    path("<path:rest>", web.page, {"name": "console"}),
]
