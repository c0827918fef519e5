"""What changes the desk's rows: one verb each, one transaction each, called alike by every door."""

from sangto.desk.actions.choose import CannotChoose, accept_offer, change_kind, decline_answers
from sangto.desk.actions.close import CannotClose, close_not_checkable, reopen
from sangto.desk.actions.erase import CannotErase, destroy_contacts_of, erase_version
from sangto.desk.actions.follow_up import follow_up, forget_changes
from sangto.desk.actions.highlight import CannotDecide, decide_highlights
from sangto.desk.actions.import_answers import ForeignRow, import_answers
from sangto.desk.actions.publish import CannotPublish, publish, send_back
from sangto.desk.actions.receive import CannotReceive, Incoming, Received, receive
from sangto.desk.actions.regroup import CannotRegroup, merge, split, undo
from sangto.desk.actions.send import MOST_TRIES, claim, give_up, mark_sent, retry_later
from sangto.desk.actions.write import (
    CannotWrite,
    Content,
    Reference,
    discard,
    draft,
    start_correction,
    start_withdrawal,
    submit,
)

__all__ = [
    "MOST_TRIES",
    "CannotChoose",
    "CannotClose",
    "CannotDecide",
    "CannotErase",
    "CannotPublish",
    "CannotReceive",
    "CannotRegroup",
    "CannotWrite",
    "Content",
    "ForeignRow",
    "Incoming",
    "Received",
    "Reference",
    "accept_offer",
    "change_kind",
    "claim",
    "close_not_checkable",
    "decide_highlights",
    "decline_answers",
    "destroy_contacts_of",
    "discard",
    "draft",
    "erase_version",
    "follow_up",
    "forget_changes",
    "give_up",
    "import_answers",
    "mark_sent",
    "merge",
    "publish",
    "receive",
    "reopen",
    "retry_later",
    "send_back",
    "split",
    "start_correction",
    "start_withdrawal",
    "submit",
    "undo",
]
