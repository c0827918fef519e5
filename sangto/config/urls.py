"""Every address of the desk."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from sangto.web.views import public

urlpatterns = [
    path("", include("sangto.api.urls")),
    path("", include("sangto.channels.urls")),
    path("robots.txt", public.robots, name="robots"),
    *i18n_patterns(path("", include("sangto.web.urls")), prefix_default_language=False),
]

handler400 = "sangto.config.refused.bad_request"
handler403 = "sangto.web.views.errors.forbidden"
handler404 = "sangto.web.views.errors.not_found"
handler500 = "sangto.web.views.errors.broken"
