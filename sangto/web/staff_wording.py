"""What members read about what they did and what was refused, by the codes of the desk's actions."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

NOT_ALLOWED = _("Your role on the desk does not allow this.")
GONE = _("This case is over: it was closed, or joined to another one.")

NO_COPY = _(
    "This desk wants an archived copy of every source. See to them under “Copies of the sources”, then try again."
)

WRITING = {
    "not_allowed": NOT_ALLOWED,
    "not_writer": _("Somebody else is writing this answer. Copy your text before you leave this page."),
    "gone": _("This case was joined to another one in the meantime. Write the answer there."),
    "closed": _("This case is closed. Open it again before you write an answer."),
    "already_open": _("A next version is already being worked on."),
    "not_answered": _("There is no published answer yet that could be changed."),
    "withdrawn": _("The answer is withdrawn already."),
    "not_draft": _("This version is no longer a draft. Look at where it stands now."),
    "unknown_verdict": _("Choose one of the verdicts."),
    "no_source": _("Cite at least one source."),
    "bad_source": _("A source needs a title, a publisher, a date and a full web address."),
    "future_source": _("A source cannot be dated in the future."),
    "too_long": _("Something is longer than it may be."),
    "incomplete": _("The question, the summary and the text must all be filled in."),
    "no_change_note": _("Say what changes and why. Everybody will read this."),
    "no_copy": NO_COPY,
    "unchecked": _(
        "Answer each question of the checklist with a tick. If one cannot be ticked, the text is not ready."
    ),
    "placeholder": _("Something in square brackets is still to be filled in, like [place]. Fill it in or take it out."),
    "changed_meanwhile": _("This draft was changed in another window after you opened this one."),
}
KEEPING_TEMPLATES = {
    "not_allowed": NOT_ALLOWED,
    "gone": _("This template was put away in the meantime. Copy your text before you leave this page."),
    "no_name": _("Give the template a name."),
    "no_words": _("Write a summary or a text that answers begin with."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "too_long": _("Something is longer than it may be."),
    "unknown_kind": _("Choose something to check or something to fix."),
    "unknown_lang": _("Choose one of the languages."),
    "name_taken": _("This unit has a template with this name. Choose another one."),
}
TEMPLATES_DONE = {
    "kept": _("The template is kept."),
    "archived": _("The template is put away. What was begun from it stays."),
}
AUTOSAVING = {
    "kept": _("Saved at %(time)s."),
    "kept_in_part": _("Saved at %(time)s, without what is not right yet: %(fields)s."),
    "not_kept": _("Not saved. %(reason)s"),
    "changed_meanwhile": _(
        "Not saved: this draft was changed in another window. Press “Save draft” to see both texts."
    ),
}
PUBLISHING = {
    "not_allowed": NOT_ALLOWED,
    "own_text": _("You wrote this text, so somebody else has to approve it."),
    "not_in_review": _("This version is not in review any more. Look at where it stands now."),
    "rewritten": _("This version was rewritten since you read it. Read it again, then decide."),
    "no_source": _("An answer without a source cannot be published. Send it back."),
    "no_copy": NO_COPY,
    "undecided": _("Names or addresses in this text are not decided yet. Say which may be public, or send it back."),
    "unchecked": _("Answer each question of the checklist with a tick. If one cannot be ticked, send the text back."),
    "gone": GONE,
}
DECIDING = {
    "not_allowed": NOT_ALLOWED,
    "nothing_chosen": _("Choose at least one name or address."),
    "not_open": _("This version is published or gone. Look at where it stands now."),
    "rewritten": _("This version was rewritten since you read it. Read it again, then decide."),
}
REGROUPING = {
    "not_allowed": NOT_ALLOWED,
    "same_case": _("That is the number of this case. Give the number of another one."),
    "other_kind": _("One is something to check and the other something to fix. They stay apart."),
    "both_answered": _("Both cases have an answer or a draft. Only one of the two may have one."),
    "gone": GONE,
    "nothing_chosen": _("Choose at least one message."),
    "everything_chosen": _("At least one message has to stay behind."),
    "undone_before": _("This step was undone before."),
    "moved_on": _("This cannot be undone any more: the messages were moved again or the case has an answer."),
    "unknown_number": _("There is no case with this number."),
}
CLOSING = {
    "not_allowed": NOT_ALLOWED,
    "not_open": _("Only an open case can be closed."),
    "not_a_claim": _("Something to fix cannot be closed as not checkable. Answer it instead."),
    "has_answer": _("Somebody has begun an answer. Discard the draft first."),
    "not_closed": _("This case is not closed."),
    "withdrawn": _("Everybody who asked has withdrawn their message, so there is nobody to answer."),
}
ASKING = {
    "not_allowed": NOT_ALLOWED,
    "empty": _("Write what you want to ask."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "too_long": _("The question has more than 1,000 characters. Shorten it, then send it again."),
    "no_messages": _("Choose at least one message that was not withdrawn."),
    "case_over": GONE,
    "asked_before": _("Somebody you chose has not answered the last question yet."),
    "too_often": _("Somebody you chose was asked three times already. Answer with what you know."),
}
CONFIRMING = {
    "password": _("That is not your password. Try again; capital letters count."),
    "code": _("That code does not fit. Wait for the next one, then try again."),
    "credential": _("The passkey was not accepted. Try again, or choose another way."),
}
NO_PASSKEY = _("The passkey was not accepted. Try again, or sign in with your password.")
HANDING_OVER = {
    "not_allowed": NOT_ALLOWED,
    "gone": GONE,
    "unknown_unit": _("Choose the unit that is responsible."),
    "same_unit": _("The case is with this unit already."),
    "no_reason": _("Say in a few words why, for your colleagues there."),
    "too_long": _("The note has more than 300 characters. Shorten it, then hand over again."),
}
ASSIGNING = {
    "not_allowed": NOT_ALLOWED,
    "gone": GONE,
    "no_colleague": _("Choose somebody who works on the cases of this unit."),
}
WATCHING = {
    "not_allowed": NOT_ALLOWED,
    "too_many": _("You watch 200 cases. Stop watching one of them first."),
}
SAVING_VIEWS = {
    "no_name": _("Give the view a name."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "too_long": _("Something is longer than it may be."),
    "bad_query": _("This is no view of the inbox."),
    "name_taken": _("You have a view with this name. Choose another one."),
    "too_many": _("You have 20 views. Delete one of them first."),
}
GRANTING = {
    "not_allowed": NOT_ALLOWED,
    "unknown_role": _("Choose one of the roles."),
    "apart": _("Who gives roles in a unit neither writes nor approves there."),
    "yourself": _("Nobody gives roles to themselves or ends their own. Another head or the operator can."),
    "held": _("They hold this role already."),
    "ended": _("This role was ended already."),
}
MEMBERS_DONE = {"given": _("The role is given."), "ended": _("The role is ended, from now on.")}
ACCEPTING = {
    "gone": _("This link works no more."),
    "bad_login": _("A login name has letters, digits and . @ + - _ only, and no spaces."),
    "taken": _("Somebody here has this login name. Choose another one."),
    "no_name": _("Say your name. Only the staff sees it."),
    "differ": _("The two passwords are not the same. Type them again."),
}
DEEDS = {
    "wrote": _("wrote a draft"),
    "submitted": _("sent a version to review"),
    "discarded": _("discarded a draft"),
    "decided": _("decided which names may be public"),
    "sent_back": _("sent a version back"),
    "published": _("approved and published"),
    "began_correction": _("began a correction"),
    "began_withdrawal": _("began a withdrawal"),
    "split": _("split a case"),
    "merged": _("merged two cases"),
    "undid": _("undid a grouping"),
    "closed": _("closed as not checkable"),
    "reopened": _("opened again"),
    "assigned": _("said whose work a case is"),
    "handed_over": _("handed over to another unit"),
    "placed": _("decided which unit answers"),
    "asked_back": _("asked the sender something"),
    "ruled": _("decided an objection"),
    "set_term": _("set a term"),
    "erased": _("erased a version by law"),
    "tried_again": _("had work tried again"),
    "asked_copy": _("asked for a copy of a source"),
    "uploaded_copy": _("uploaded a copy of a source"),
    "answered": _("answered a request"),
    "extended": _("extended the term of a request"),
    "finished": _("finished a request"),
    "refused": _("refused a request"),
    "enrolled": _("enrolled a member"),
    "granted": _("gave a role"),
    "ended_grant": _("ended a role"),
    "left": _("ended a membership"),
    "invited": _("invited somebody"),
    "reset": _("made a link for a new password"),
    "accepted": _("accepted an invitation"),
    "issued_token": _("made a token"),
    "tied_account": _("tied an account to sign in with"),
    "untied_account": _("untied an account to sign in with"),
    "ended_sign_ins": _("ended sign-ins of their own"),
    "made_template": _("made a template"),
    "changed_template": _("changed a template"),
    "archived_template": _("put a template away"),
}
STALE = _("The text changed after you opened this page. Read it again before you decide.")
TERMS = {
    "not_allowed": NOT_ALLOWED,
    "unknown_kind": _("Choose something to check or something to fix."),
    "out_of_range": _("Give a whole number of working days, from 1 to 250."),
}
SAVED_ALL_THE_SAME = _("Your draft is saved. It was not sent to review.")

DONE = {
    "saved": _("The draft is saved."),
    "submitted": _("Sent to review. A second person has to approve it."),
    "decided": _("Noted. These words may be public."),
    "confirmed": _("Thank you. Nothing is published yet: press the button again."),
    "published": _("Published. Everybody who asked will be told."),
    "sent_back": _("Sent back to its writer."),
    "taken_back": _("The text is a draft again."),
    "discarded": _("The draft is gone."),
    "correcting": _("A draft of the next version is ready. It starts as a copy of the published one."),
    "withdrawing": _("The withdrawal is in review. A second person has to approve it."),
    "split": _("The messages have a case of their own now. Its number is in the history."),
    "asked": _("The question is on its way. The clock stands until somebody answers."),
    "merged": _("The two cases are one now."),
    "undone": _("The step is undone."),
    "handed_over": _("The case is with the other unit now. Everybody who asked will be told."),
    "assigned": _("Noted whose work this case is."),
    "watching": _("You watch this case. What others do on it is under Watched in the inbox."),
    "not_watching": _("You watch this case no more."),
    "closed": _("The case is closed. Everybody who asked will be told kindly."),
    "reopened": _("The case is open again."),
    "asked_copy": _("The copy is being fetched. Open this page again in a moment."),
    "uploaded_copy": _("The copy is kept."),
}
VIEWS = {
    "open": pgettext_lazy("cases in the inbox", "Open"),
    "mine": pgettext_lazy("cases in the inbox", "Mine"),
    "overdue": pgettext_lazy("cases in the inbox", "Overdue"),
    "due_soon": pgettext_lazy("cases in the inbox", "Due soon"),
    "waiting": pgettext_lazy("cases in the inbox", "Asked back"),
    "review": pgettext_lazy("cases in the inbox", "In review"),
    "watched": pgettext_lazy("cases in the inbox", "Watched"),
    "answered": pgettext_lazy("cases in the inbox", "Answered"),
    "closed": pgettext_lazy("cases in the inbox", "Closed"),
}
ORDERS = {
    "age": _("Longest waiting"),
    "due": _("Due first"),
    "asked": _("Asked most often"),
}


def said(texts: Mapping[str, Any], code: str) -> str:
    """The text for a code, in the reader's language; a general one for a code that has no text yet."""
    return str(texts.get(code) or gettext("This is not possible now."))


def deed_label(what: str) -> str:
    """What a Member did."""
    return str(DEEDS[what])
