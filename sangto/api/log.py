"""The log as machines read it: checkpoints, tiles, the policy, and each published version with its proof."""

import gzip
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from sangto.api.guard import open_to_all
from sangto.desk.queries import publications
from sangto.engine.merkle.notes import BadNote
from sangto.engine.merkle.tiles import BadTile, tile_at
from sangto.ledger import queries
from sangto.ledger.local import LocalLog

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_SECONDS, FOR_A_MINUTE, FOR_EVER = "public, max-age=5", "public, max-age=60", "public, max-age=31536000, immutable"
MOST_VERSIONS = 1_000_000
SHARD = re.compile(r"[0-9]{4}(-[0-9]{1,6})?")


@open_to_all
@require_safe
def checkpoint(request: HttpRequest, shard: str = "") -> HttpResponse:
    """The newest published checkpoint of a shard, of the current one where none is named."""
    local = _local(shard)
    try:
        note = local.checkpoint() if local else None
    except BadNote:
        note = None
    if note is None:
        return _nothing()
    return _cached(HttpResponse(str(note), content_type=TEXT), FOR_SECONDS)


@open_to_all
@require_safe
def tile(request: HttpRequest, path: str, shard: str = "") -> HttpResponse:
    """A tile or a bundle. Under a shard's own address it never changes; under the short one the shard does."""
    local = _local(shard)
    try:
        wanted = tile_at(f"tile/{path}")
        data = local.read(wanted) if local else None
    except (BadTile, FileNotFoundError):
        data = None
    if data is None:
        return _nothing()
    response = HttpResponse(data, content_type=BYTES)
    if wanted.level < 0:
        _pressed(request, response)
    return _cached(response, FOR_EVER if shard else FOR_A_MINUTE)


@open_to_all
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The keys of the log and its witnesses, as verifiers take them."""
    return _cached(HttpResponse(queries.policy_text(), content_type=TEXT), FOR_A_MINUTE)


@open_to_all
@require_safe
def version(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """One published version with its salt, leaf and proof; 410 and its last leaf when it was erased by law."""
    found = publications.publication_file(number, n) if 0 < n < MOST_VERSIONS else None
    if found is None:
        return _nothing()
    return _json(found, status=410 if found.get("erased") else 200)


@open_to_all
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every published version there is, so that nobody has to guess which to look at."""
    return _json({"versions": list(publications.publication_index())})


def _local(shard: str) -> LocalLog | None:
    name = shard or queries.current_shard()
    return LocalLog(name) if name and SHARD.fullmatch(name) else None


def _nothing() -> HttpResponse:
    """Programs ask here, so it is said in a line."""
    return _cached(HttpResponseNotFound("there is nothing here\n", content_type=TEXT), FOR_SECONDS)


def _json(data: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    return _cached(response, FOR_SECONDS)


def _pressed(request: HttpRequest, response: HttpResponse) -> None:
    """Bundles are text: gzip makes them half as long for whoever takes it."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, mtime=0)
        response["Content-Encoding"] = "gzip"


def _cached(response: HttpResponse, how_long: str) -> HttpResponse:
    response["Cache-Control"] = how_long
    return response
