import pytest

from sangto.engine.links import parse
from sangto.engine.platforms import PERSON, POINT, without_person


@pytest.mark.parametrize(
    "parameter",
    ["fbclid", "igsh", "igshid", "si", "utm_source", "utm_anything", "mibextid", "_r", "u_code", "gclid", "dclid"]
    + ["msclkid", "twclid", "share_item_id", "sender_device", "sec_uid", "gidzl", "zarsrc", "ref_src", "__tn__"],
)
def test_what_tells_of_the_sharer_is_cut(parameter):
    assert str(parse(f"https://a.vn/b?x=1&{parameter}=abc&y=2")) == "https://a.vn/b?x=1&y=2"


@pytest.mark.parametrize("parameter", ["id", "q", "page", "s", "t", "ref", "site", "share"])
def test_what_names_the_page_stays(parameter):
    assert str(parse(f"https://a.vn/b?{parameter}=abc")) == f"https://a.vn/b?{parameter}=abc"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://www.facebook.com/ai.do/posts/pfbid0abc?mibextid=1", "https://facebook.com/posts/pfbid0abc"),
        ("https://www.tiktok.com/@ai/video/77?_r=1&u_code=2", "https://tiktok.com/video/77"),
        ("https://www.reddit.com/r/a/comments/1ab/title/", "https://reddit.com/comments/1ab"),
        ("https://www.linkedin.com/posts/ai-do_x-activity-712-ab", "https://linkedin.com/feed/update/urn:li:activity:712"),
        ("https://www.pinterest.com/pin/99/", "https://pinterest.com/pin/99"),
        ("https://mastodon.social/@ai/1123", "https://mastodon.social"),
        ("https://example.edu/~ai/cv.html", "https://example.edu"),
        ("https://maps.google.com", "https://maps.google.com"),
        ("https://a.vn/google.com/maps", "https://a.vn/google.com/maps"),
    ],
)  # fmt: skip
def test_post_and_site_stay_and_the_person_goes(link, kept):
    assert without_person(parse(link)) == kept


@pytest.mark.parametrize(
    "link",
    ["https://facebook.com/ai.do", "https://m.me/ai", "https://wa.me/84912345678", "https://t.me/nhom", "zalo.me/g/abc"]
    + ["https://www.linkedin.com/in/ai", "https://reddit.com/user/ai", "https://vk.com/ai", "https://bsky.app/profile/ai"],
)  # fmt: skip
def test_person_page_and_group_become_a_mask(link):
    assert without_person(parse(link)) == PERSON


@pytest.mark.parametrize(
    "link",
    ["https://www.google.com/maps/@10.76,106.66,17z", "https://goo.gl/maps/abc", "https://maps.app.goo.gl/abc"]
    + ["https://www.openstreetmap.org/?mlat=10.7626&mlon=106.6601", "https://a.vn/map?ll=10.76262,106.66017"],
)  # fmt: skip
def test_point_on_a_map_becomes_a_mask(link):
    assert without_person(parse(link)) == POINT
