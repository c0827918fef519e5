"""Links in a text: found, made canonical, told apart. Never opened."""

import re
from dataclasses import dataclass

LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”]+"
    r"|pic\.twitter\.com/\w+"
    r"|(?<![\w@./-])(?:[a-z0-9-]{1,63}+\.){1,8}(?:com|net|org|gov|edu|info|news|vn|me|be|ly|io|co|uk|us|watch|tv|gl)"
    r"(?:/[^\s<>\"“”]*)",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"(?:[a-z]{0,3}clid|msclkid|gbraid|wbraid|igshid|igsh|si|mibextid|rdid|sfnsn|extid|_r|_t|_d|u_code|user_id|sec_(?:user_)?u?id"
    r"|share_\w*|sender_\w*|tt_from|is_from_webapp|is_copy_url|ref_src|ref_url|gidzl|zarsrc|li_fat_id|mc_[ce]id|mkt_tok"
    r"|_hs(?:enc|mi)|vero_id|oly_\w*|pk_\w*|utm_\w*|__cft__.*|__tn__|__xts__.*)\Z",
    re.IGNORECASE,
)
_TAIL = ".,;:!?…'\"”’»*"


@dataclass(frozen=True)
class Link:
    """A link taken apart: scheme with "://" or empty, host in lower case, path, query without tracking."""

    scheme: str
    host: str
    path: str
    query: str

    def __str__(self) -> str:
        return f"{self.scheme}{self.host}{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def canonical(self) -> str:
        """The link without scheme and without the www. or m. of its host: the same for each spelling of one page."""
        host = re.sub(r"^(?:www|m|mobile|mbasic)\.(?=.*\.)", "", self.host)
        return str(Link(scheme="", host=host, path=self.path, query=self.query))


def may_hold(text: str) -> bool:
    """Whether there may be a link in a text; False says that there is none."""
    return "/" in text or "www." in text.lower()


def without_links(text: str) -> str:
    """The text with a space in place of each link."""
    return LINK.sub(" ", text) if may_hold(text) else text


def without_tail(found: str) -> str:
    """The found link without the punctuation of the sentence round it."""
    link = found.rstrip(_TAIL)
    while link.endswith((")", "]", "}")) and not {"(", "[", "{"} & set(link):
        link = link[:-1].rstrip(_TAIL)
    return link


def parse(found: str) -> Link:
    """The parts of a link as found in a text. Login, port 80/443, fragment, trailing slash and tracking are cut."""
    match = re.match(r"https?://", found, re.IGNORECASE)
    scheme = match[0].lower() if match else ""
    rest = found[len(scheme) :].partition("#")[0]
    address, _, query = rest.partition("?")
    host, slash, path = address.partition("/")
    host = re.sub(r":(?:80|443)?\Z", "", host.rpartition("@")[2].lower()).rstrip(".")
    pairs = [pair for pair in query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0])]
    return Link(scheme=scheme, host=host, path=(slash + path).rstrip("/"), query="&".join(pairs))
