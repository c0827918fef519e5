"""The addresses under /api/v1 and /feeds."""

from typing import Any

from django.urls import URLPattern, include, path, re_path

from sangto.api import feeds, log
from sangto.api.guard import guarded, nothing_here, open_to_all
from sangto.api.service import api

PUBLIC = {
    "list_answers", "read_answer", "list_objections", "read_objection", "read_figures", "read_deadlines",
    "openapi-json",
}  # fmt: skip


def behind_the_guard(pattern: Any) -> URLPattern:
    view = guarded(pattern.callback)
    return URLPattern(pattern.pattern, open_to_all(view) if pattern.name in PUBLIC else view, name=pattern.name)


patterns = [behind_the_guard(each) for each in api.urls[0]]
urlpatterns = [
    path("api/v1/", include((patterns, "api"))),
    re_path(r"^api/v1(?:/.*)?$", nothing_here),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
    path("log/policy", log.policy, name="log-policy"),
    path("log/tile/<path:path>", log.tile, name="tile"),
    path("log/<slug:shard>/checkpoint", log.checkpoint, name="shard-checkpoint"),
    path("log/<slug:shard>/tile/<path:path>", log.tile, name="shard-tile"),
    path("answers/index.json", log.versions, name="versions"),
    path("answers/<str:number>/v<int:n>.json", log.version, name="version"),
    path("feeds/answers.atom", feeds.answers_atom, name="answers-atom"),
    path("feeds/claimreview.json", feeds.claimreview_json, name="claimreview-feed"),
    path("feeds/withdrawn.json", feeds.withdrawn_json, name="withdrawn-feed"),
]
