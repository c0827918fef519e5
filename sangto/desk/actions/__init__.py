"""What changes the desk's rows: one verb each, one transaction each, called alike by every door."""

from sangto.desk.actions.ask_back import CannotAdd, CannotAsk, add_answer, ask_back, end_questions
from sangto.desk.actions.assign import CannotAssign, assign, put_back_left
from sangto.desk.actions.calendars import CannotSetTerm, import_calendar, recount_open, set_term
from sangto.desk.actions.choose import CannotChoose, accept_offer, change_kind, decline_answers
from sangto.desk.actions.close import CannotClose, close_not_checkable, reopen
from sangto.desk.actions.contact import CannotCorrect, correct_contact, forget_address
from sangto.desk.actions.copies import CannotCopy, ask_for_copy, drop_unused_copies, keep_bytes, keep_upload, why_not
from sangto.desk.actions.end_days import EndedDays, end_days
from sangto.desk.actions.erase import CannotErase, destroy_contacts_of, erase_version
from sangto.desk.actions.escalate import escalate
from sangto.desk.actions.expire import Expired, expire
from sangto.desk.actions.follow_units import CannotReassign, follow_units, reassign
from sangto.desk.actions.follow_up import follow_up, forget_changes
from sangto.desk.actions.hand_over import CannotHandOver, hand_over
from sangto.desk.actions.highlight import CannotDecide, decide_highlights
from sangto.desk.actions.import_answers import ForeignRow, import_answers
from sangto.desk.actions.keep_template import (
    CannotKeepTemplate,
    TemplateContent,
    archive_template,
    change_template,
    make_template,
)
from sangto.desk.actions.lease import claim, finish, give_up, hold, retry
from sangto.desk.actions.objections import CannotObject, CannotRule, object_to, rule_on
from sangto.desk.actions.pause import pause, resume
from sangto.desk.actions.publish import CannotPublish, publish, send_back
from sangto.desk.actions.receive import CannotReceive, Incoming, NoKey, Received, receive
from sangto.desk.actions.recover import Recovered, heed, recover
from sangto.desk.actions.regroup import CannotRegroup, merge, split, undo
from sangto.desk.actions.requests import (
    CannotHandle,
    CannotRequest,
    answer_request,
    extend_request,
    finish_request,
    make_request,
    refuse_request,
)
from sangto.desk.actions.resend import try_replies_again
from sangto.desk.actions.room import NoRoom, keep_room, no_room_for
from sangto.desk.actions.save_view import CannotSaveView, drop_view, save_view
from sangto.desk.actions.sweep import sweep
from sangto.desk.actions.tell import tell_on_pages
from sangto.desk.actions.turn import (
    beat,
    end_turn,
    fail_turn,
    jobs_known,
    note_failure,
    note_success,
    stop_beating,
    try_job_again,
)
from sangto.desk.actions.watch import CannotWatch, stop_watching, watch
from sangto.desk.actions.withdraw import withdraw
from sangto.desk.actions.write import (
    NOTHING_YET,
    CannotWrite,
    Content,
    Reference,
    content_of,
    discard,
    draft,
    start_correction,
    start_withdrawal,
    submit,
)

__all__ = [
    "NOTHING_YET",
    "CannotAdd",
    "CannotAsk",
    "CannotAssign",
    "CannotChoose",
    "CannotClose",
    "CannotCopy",
    "CannotCorrect",
    "CannotDecide",
    "CannotErase",
    "CannotHandOver",
    "CannotHandle",
    "CannotKeepTemplate",
    "CannotObject",
    "CannotPublish",
    "CannotReassign",
    "CannotReceive",
    "CannotRegroup",
    "CannotRequest",
    "CannotRule",
    "CannotSaveView",
    "CannotSetTerm",
    "CannotWatch",
    "CannotWrite",
    "Content",
    "EndedDays",
    "Expired",
    "ForeignRow",
    "Incoming",
    "NoKey",
    "NoRoom",
    "Received",
    "Recovered",
    "Reference",
    "accept_offer",
    "TemplateContent",
    "add_answer",
    "archive_template",
    "answer_request",
    "ask_back",
    "assign",
    "ask_for_copy",
    "beat",
    "change_kind",
    "change_template",
    "claim",
    "close_not_checkable",
    "content_of",
    "correct_contact",
    "decide_highlights",
    "decline_answers",
    "destroy_contacts_of",
    "discard",
    "draft",
    "drop_unused_copies",
    "drop_view",
    "end_days",
    "end_questions",
    "end_turn",
    "erase_version",
    "escalate",
    "expire",
    "extend_request",
    "fail_turn",
    "finish",
    "finish_request",
    "follow_units",
    "follow_up",
    "forget_address",
    "forget_changes",
    "give_up",
    "hand_over",
    "heed",
    "hold",
    "import_answers",
    "import_calendar",
    "jobs_known",
    "keep_bytes",
    "keep_room",
    "keep_upload",
    "make_request",
    "make_template",
    "merge",
    "no_room_for",
    "note_failure",
    "note_success",
    "object_to",
    "pause",
    "publish",
    "put_back_left",
    "reassign",
    "receive",
    "recover",
    "recount_open",
    "refuse_request",
    "reopen",
    "resume",
    "retry",
    "rule_on",
    "save_view",
    "send_back",
    "set_term",
    "split",
    "start_correction",
    "start_withdrawal",
    "stop_beating",
    "stop_watching",
    "submit",
    "sweep",
    "tell_on_pages",
    "try_job_again",
    "try_replies_again",
    "undo",
    "watch",
    "why_not",
    "withdraw",
]
