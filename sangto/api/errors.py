"""Every way the API says no: a code, its HTTP status, and a sentence in the reader's language."""

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sangto.desk.actions import NoRoom

CODES: dict[str, str | Promise] = {
    # what is wrong with the request itself
    "bad_host": _("This desk does not answer under that host name."),
    "bad_json": _("The body is not one JSON object."),
    "bad_number": _("The body holds a number that JSON does not know or that is too long."),
    "bad_request": _("The request cannot be read."),
    "bad_value": _("%(field)s does not hold one of the allowed values."),
    "busy": _("The desk cannot write this down just now. Please send it again in a moment: it is never kept twice."),
    "duplicate_key": _("The body holds the same member twice."),
    "key_too_long": _("The Idempotency-Key is longer than 200 characters."),
    "method_not_allowed": _("This address does not take that method."),
    "missing_field": _("%(field)s is missing."),
    "no_length": _("Say how long the body is: Content-Length."),
    "no_room": _("The desk has no room for new messages just now. Please send it again later: it is never kept twice."),
    "not_found": _("There is nothing at this address."),
    "not_signed_in": _("This needs the token of a member: Authorization: Bearer TOKEN."),
    "not_text": _("The text holds bytes or characters that are no text: send UTF-8 without NUL and lone surrogates."),
    "repeated_parameter": _("%(field)s is given more than once."),
    "server_error": _("Something went wrong on our side. Please try again."),
    "too_deep": _("The body is nested too deeply."),
    "too_large": _("The body is larger than one megabyte."),
    "too_many": _("Too much came from your network just now. Try again after the seconds in Retry-After."),
    "unknown_field": _("%(field)s is not a member that this address knows."),
    "unsupported_encoding": _("Send the body as it is, without Content-Encoding."),
    "unsupported_type": _("Send the body as application/json."),
    "wrong_type": _("%(field)s is not of the right type."),
    # what a sender is told
    "empty": _("The text is empty: please write what you want checked or fixed."),
    "message_withdrawn": _("This message was withdrawn by its sender."),
    "no_question": _("No question is open about this message."),
    "not_answered": _("There is no answer here to decline."),
    "not_offered": _("This answer was not offered for this message."),
    "other_body": _("This Idempotency-Key was used before with another body."),
    "place_too_long": _("The place has more than 200 characters. Shorten it, then send it again."),
    "too_late": _("Somebody already works on this case."),
    "too_long": _("A text is longer than allowed: please shorten it."),
    "unknown_kind": _("The kind is either claim or problem."),
    "unknown_lang": _("The language is either vi or en."),
    # what a member is told
    "asked_before": _("Somebody who wrote one of these messages has not answered the last question yet."),
    "case_over": _("This case is answered, closed or merged, so nobody is asked about it any more."),
    "no_messages": _("Name messages of this case that were not withdrawn."),
    "too_often": _("Somebody who wrote one of these messages was asked three times already."),
    "already_open": _("Another version of this answer is already being worked on."),
    "bad_source": _("A source needs a title, a publisher and an http or https address."),
    "changed_meanwhile": _("The draft was changed since it was read. Read it again, then write."),
    "closed": _("This case was closed as not checkable."),
    "future_source": _("A source cannot be dated in the future."),
    "gone": _("This case was merged into another one, or closed."),
    "incomplete": _("Question, summary and text are all needed."),
    "no_change_note": _("Say in one sentence what changed and why."),
    "no_copy": _("Every source needs an archived copy first. Ask for one or upload one on the page of the case."),
    "placeholder": _("Something in square brackets is still to be filled in, like [place]."),
    "unchecked": _("Tick each line of the checklist that this version needs: sources_read, rates_claim, other_side."),
    "no_source": _("At least one source is needed."),
    "needs_person": _("This token may write but not approve. A person approves on the staff pages."),
    "not_allowed": _("Your role does not allow this."),
    "nothing_chosen": _("Name at least one place of the version."),
    "not_open": _("No version of this answer is being worked on."),
    "undecided": _("Names or addresses in this text are not decided yet: say which may be public."),
    "not_draft": _("There is no draft that could be changed or sent to review."),
    "not_in_review": _("No version of this answer is in review."),
    "rewritten": _("This version was rewritten since you read it. Read it again, then decide."),
    "not_published": _("This case has no published answer yet."),
    "not_writer": _("Only the member who wrote the draft may change it."),
    "own_text": _("Nobody approves a text of their own: another member has to."),
    "unknown_verdict": _("The verdict is not one of those for this kind of case."),
    "withdrawn": _("This answer is already withdrawn."),
}
STATUS = {
    "not_signed_in": 401,
    "needs_person": 403,
    "not_allowed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "no_length": 411,
    "too_large": 413,
    "unsupported_encoding": 415,
    "unsupported_type": 415,
    "other_body": 422,
    "too_many": 429,
    "server_error": 500,
    "busy": 503,
    "no_room": 503,
}
# The same refusal can have another name inside, where the sender's word already means something else.
RENAMED = {"not_answered": "not_published"}


class ApiError(Exception):
    """The request is refused with one of CODES; `status` where the code's own does not fit.

    `retry_after_s` where the same request may be welcome later; 0 where not.
    """

    def __init__(self, code: str, *, field: str = "", status: int | None = None, retry_after_s: int = 0) -> None:
        super().__init__(code)
        self.code, self.retry_after_s = code, retry_after_s
        self.message = str(CODES[code]) % {"field": field[:60]}  # in the language that is active now
        self.status = status or STATUS.get(code, 400)

    @property
    def response(self) -> JsonResponse:
        """The refusal in the shape of every error here."""
        body = {"error": {"code": self.code, "message": self.message}}
        response = JsonResponse(body, status=self.status)
        response["Cache-Control"] = "no-store"
        if self.retry_after_s:
            response["Retry-After"] = str(self.retry_after_s)
        return response


def later(refusal: NoRoom) -> ApiError:
    """Nothing can be kept now."""
    return ApiError(refusal.code, retry_after_s=refusal.retry_after_s)


def refused(code: str, *, staff: bool = False) -> ApiError:
    """The refusal of an action as its caller sees it: 403 for a role that may not, 409 for an unfit state."""
    code = RENAMED.get(code, code) if staff else code
    return ApiError(code, status=STATUS.get(code, 409))
