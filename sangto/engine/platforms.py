"""What may stay of a link: of a social network the post, never the person, page or profile; of a map nothing."""

import re

from sangto.engine.links import Link

PERSON, POINT = "[account]", "[location]"
MASKS = (PERSON, POINT)
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
    "m.me": "m.me", "messenger.com": "m.me",
    "wa.me": "wa.me", "whatsapp.com": "wa.me", "api.whatsapp.com": "wa.me", "chat.whatsapp.com": "wa.me",
    "reddit.com": "reddit.com", "old.reddit.com": "reddit.com", "redd.it": "reddit.com",
    "linkedin.com": "linkedin.com", "vn.linkedin.com": "linkedin.com",
    "pinterest.com": "pinterest.com", "snapchat.com": "snapchat.com", "bsky.app": "bsky.app", "vk.com": "vk.com",
    "discord.gg": "discord.gg", "discord.com": "discord.gg", "viber.com": "viber.com", "twitch.tv": "twitch.tv",
}  # fmt: skip

_MAPS = re.compile(
    r"(?:(?:maps|earth)\.google\.[a-z.]+|maps\.app\.goo\.gl|maps\.apple\.com|waze\.com|map\.coccoc\.com)\Z"
)
_MAPS_BELOW = re.compile(r"(?:google\.[a-z.]+/maps|goo\.gl/maps|bing\.com/maps|yandex\.[a-z.]+/maps)\b")
_POINTS = re.compile(
    r"@-?\d{1,3}\.\d{3,},-?\d|[?&/=](?:-?\d{1,3}\.\d{4,})(?:,|%2c|%2C|/|&m?l(?:on|ng)=)-?\d{1,3}\.\d{4,}"
)
_OWN_PAGES = re.compile(r"/[@~][^/?]")

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
        ("reddit.com", r"/(?:(?:r|u|user)/[^/?]+/)?comments/(\w+)", r"/comments/\1"),
        (
            "linkedin.com",
            r"/(?:posts/[^/?]*?activity-|feed/update/urn:li:activity:)(\d+)",
            r"/feed/update/urn:li:activity:\1",
        ),
        ("pinterest.com", r"/(pin/\d+)", r"/\1"),
        ("twitch.tv", r"/(videos/\d+)", r"/\1"),
        ("vk.com", r"/(?:[^/?]*\?(?:.*&)?w=)?wall-?\d+_(\d+)", r"/wall_\1"),
    )
]


def without_person(link: Link) -> str:
    """The link reduced to the post it leads to; a mask when it leads to a person, page or profile, or a point on a map.

    Of a link to a page of one's own elsewhere (/@name, /~name) the site stays. Any other link is only stripped of
    tracking, which `parse` has done.
    """
    canonical = Link(scheme="", host=link.host, path="", query="").canonical
    tail = str(Link(scheme="", host="", path=link.path, query=link.query))
    if _MAPS.match(canonical) or _MAPS_BELOW.match(canonical + link.path) or _POINTS.search(tail):
        return POINT if tail else str(link)
    host = _HOSTS.get(canonical)
    if host is None:
        return f"{link.scheme}{link.host}" if _OWN_PAGES.search(link.path) else str(link)
    if not tail:
        return f"{link.scheme}{host}"
    for platform, pattern, kept in _POSTS:
        if platform == host and (match := pattern.match(tail)):
            return f"{link.scheme}{host}{match.expand(kept)}"
    return PERSON


def is_of_people(host: str) -> bool:
    """Whether the host belongs to a network where people have accounts: what stands there shows who said it."""
    return any(host == each or host.endswith(f".{each}") for each in _HOSTS)
