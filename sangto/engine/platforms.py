"""What may stay of a link to a social network: the post, never the person, page or profile."""

import re

from sangto.engine.links import Link

_FACEBOOK, _TIKTOK, _YOUTUBE = "facebook.com", "tiktok.com", "youtube.com"

_HOSTS = {
    _FACEBOOK: _FACEBOOK, "fb.com": _FACEBOOK, "facebook.com.vn": _FACEBOOK, "fb.me": _FACEBOOK,
    _TIKTOK: _TIKTOK,
    _YOUTUBE: _YOUTUBE,
    "twitter.com": "x.com", "x.com": "x.com", "nitter.net": "x.com",
    "instagram.com": "instagram.com", "instagr.am": "instagram.com",
    "threads.net": "threads.net", "threads.com": "threads.net",
    "zalo.me": "zalo.me", "chat.zalo.me": "zalo.me", "oa.zalo.me": "zalo.me",
    "t.me": "t.me", "telegram.me": "t.me", "telegram.org": "t.me", "telegram.dog": "t.me",
}  # fmt: skip

# Host, what path and query of a post look like, what stays of them.
_POSTS = [
    (host, re.compile(pattern), kept)
    for host, pattern, kept in (
        (_FACEBOOK, r"/(?:posts|videos|photos|permalink)/(?:[^?]*/)?([\w.-]+)", r"/posts/\1"),
        (_FACEBOOK, r"/(?:groups/)?[^/?]+/(?:posts|videos|photos|permalink)/(?:[^?]*/)?([\w.-]+)", r"/posts/\1"),
        (_FACEBOOK, r"/(?:story|permalink)\.php\?(?:.*&)?story_fbid=(\w+)", r"/story.php?story_fbid=\1"),
        (_FACEBOOK, r"/photo(?:/|\.php)?\?(?:.*&)?fbid=(\d+)", r"/photo?fbid=\1"),
        (_FACEBOOK, r"/watch/?\?(?:.*&)?v=(\d+)", r"/watch?v=\1"),
        (_FACEBOOK, r"/((?:reel|events|hashtag|share/[pvr]|share)/[\w.-]+)", r"/\1"),
        (_TIKTOK, r"/(?:@[^/?]*/)?(video|photo)/(\d+)", r"/\1/\2"),
        (_TIKTOK, r"/((?:t|tag|music|discover)/[\w.%-]+)", r"/\1"),
        (_YOUTUBE, r"/watch\?(?:.*&)?v=([\w-]+)", r"/watch?v=\1"),
        (_YOUTUBE, r"/((?:shorts|live|embed)/[\w-]+)", r"/\1"),
        ("x.com", r"/(?:i/(?:web/)?|[^/?]+/)status(?:es)?/(\d+)", r"/i/status/\1"),
        ("x.com", r"/(hashtag/\w+|i/(?:events|spaces|broadcasts)/\w+)", r"/\1"),
        ("instagram.com", r"/(?:[^/?]+/)?(p|reel|reels|tv)/([\w-]+)", r"/\1/\2"),
        ("threads.net", r"/(?:@[^/?]*/)?(?:post|t)/([\w-]+)", r"/t/\1"),
    )
]


def without_person(link: Link) -> str | None:
    """The link reduced to the post it leads to; None when it leads to a person, page or profile.

    A link to any other site is only stripped of tracking, which `parse` has done.
    """
    host = _HOSTS.get(Link(scheme="", host=link.host, path="", query="").canonical)
    if host is None:
        return str(link)
    tail = str(Link(scheme="", host="", path=link.path, query=link.query))
    if not tail:
        return f"{link.scheme}{host}"
    for platform, pattern, kept in _POSTS:
        if platform == host and (match := pattern.match(tail)):
            return f"{link.scheme}{host}{match.expand(kept)}"
    return None
