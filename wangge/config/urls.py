from django.urls import path

from wangge.config import failures, web
from wangge.config.api import api

handler400 = failures.bad_request
handler404 = failures.not_found
handler500 = failures.server_error

urlpatterns = [
    path("api/", api.urls),
    path("api/<path:rest>", web.no_such_operation),
    path("health", web.health),
    path("public/", web.page, {"name": "public"}),
    path("public/<path:rest>", web.page, {"name": "public"}),
    path("wall/", web.page, {"name": "wall"}),
    path("wall/<path:rest>", web.page, {"name": "wall"}),
    path("m", web.to_phone),
    path("m/", web.page, {"name": "mobile"}),
    path("m/<path:rest>", web.page, {"name": "mobile"}),
    path("", web.page, {"name": "console"}),
    path("<path:rest>", web.page, {"name": "console"}),
]
