"""The desk as a WSGI application, for any server that speaks it."""

import os
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse


class Desk(WSGIHandler):
    """Django's handler, which leaves the body of a HEAD request's response out: not every server does.

    Where people use HTTPS, a proxy ends it: whatever the server in between says, the request came by HTTPS.
    """

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> HttpResponseBase:
        """The response, whose parts are the body."""
        if settings.HTTPS:
            environ["wsgi.url_scheme"] = "https"
        return super().__call__(environ, start_response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """The response, without its body where only the head was asked for."""
        response = super().get_response(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        elif isinstance(response, HttpResponse):
            length = str(len(response.content))
            response.content = b""
            response["Content-Length"] = response.get("Content-Length", length)
        return response


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
django.setup(set_prefix=False)
application = Desk()
