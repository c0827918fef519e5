"""What members read about the archived copies of sources, by the codes of the desk's actions and of the fetcher."""

from django.utils.translation import gettext_lazy as _

from sangto.web.staff_wording import NOT_ALLOWED

PEOPLE_PAGE = _(
    "People have accounts there, and the desk keeps nothing on who said a thing. Cite the document itself instead."
)
UPLOAD = _("This desk does not fetch pages. Save the page in your browser, then upload the file.")
NOT_ON_LIST = _("This desk does not fetch from that site. Save the page in your browser, then upload the file.")
BAD_ADDRESS = _("The desk does not fetch from such an address. Correct the address of the source, or upload a copy.")

# Why nothing was asked for or kept.
COPYING = {
    "not_allowed": NOT_ALLOWED,
    "gone": _("The sources were changed since you opened this page. Look at them again."),
    "not_draft": _("The text is in review, so nobody changes its files now. Take it back to draft first."),
    "too_many": _("There are 100 copies for this case already. Those that nothing cites go after seven days."),
    "empty": _("Choose a file that is not empty."),
    "too_large": _("The file is larger than this desk keeps. Save a smaller one, for instance as PDF."),
    "unknown_type": _("The desk keeps PDF, HTML, MHTML, WARC, PNG, JPEG, WebP and plain text. Save the page as one."),
    "broken_archive": _("This web archive is damaged or cut off. Make it again, or upload a PDF."),
    "people_page": PEOPLE_PAGE,
    "no_fetching": UPLOAD,
    "not_on_list": NOT_ON_LIST,
    **dict.fromkeys(("bad_address", "bad_scheme", "bad_port", "bad_host", "has_login"), BAD_ADDRESS),
}
# Why a copy could not be fetched, or what the last try met.
FETCHING = {
    **COPYING,
    "too_large": _("The document is larger than this desk keeps. Save a smaller one, then upload it."),
    "not_public": _("That site is not reachable on the public Internet. Upload a copy."),
    "no_such_host": _("There is no site of that name just now. Check the address."),
    "no_connection": _("The site does not answer. Try again later, or upload a copy."),
    "bad_certificate": _("The site cannot prove that it is the right one. Look at it yourself, then upload a copy."),
    "too_slow": _("The site was too slow. Try again later, or upload a copy."),
    "cut_off": _("The document broke off half way. Try again later, or upload a copy."),
    "not_http": _("What answers there is no web page. Check the address."),
    "empty_page": _("The page is empty. Check the address, or upload a copy."),
    "page_gone": _("There is no page at this address any more. Check the address."),
    "page_closed": _("The site does not let the desk read this page. Upload a copy."),
    "no_page": _("The site gave something else than the page. Check the address, or upload a copy."),
    "busy": _("The site had trouble of its own. Try again later, or upload a copy."),
    "too_many_redirects": _("The address leads on and on. Give the one where the document really stands."),
    "too_many_tries": _("Something unforeseen went wrong each time. Upload a copy, and tell whoever runs the desk."),
}
HOWS = {"fetched": _("fetched by the desk"), "uploaded": _("uploaded")}
