"""What every response tells the browser beside its content."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# A desk needs none of what a browser can lend to a page.
PERMISSIONS = ", ".join(
    f"{each}=()"
    for each in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "screen-wake-lock", "usb", "web-share", "xr-spatial-tracking",
    )
)  # fmt: skip


def headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no device, no sensor; other sites may load what is open data, and nothing else."""

    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        is_open = "Access-Control-Allow-Origin" in response
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin")
        return response

    return with_headers
