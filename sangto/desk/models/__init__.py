"""The desk's rows. What must never be violated is a constraint here or a trigger in a migration."""

from sangto.desk.models.approvals import Approval
from sangto.desk.models.asking import Addition, Question
from sangto.desk.models.cases import (
    Answer,
    AnswerVersion,
    Case,
    Delivery,
    ForeignAnswer,
    Joining,
    LostVersion,
    Message,
    Offer,
    Outcome,
    Publication,
    Regrouping,
    Source,
    Wording,
    numbered,
    one_of,
)
from sangto.desk.models.copies import Copy, CopyBytes
from sangto.desk.models.deadlines import Calendar, Escalation, Holiday, Pause, Term
from sangto.desk.models.index import Calibration, Change
from sangto.desk.models.marked import Highlight
from sangto.desk.models.objections import Objection, Ruling
from sangto.desk.models.placing import Reassignment
from sangto.desk.models.replies import Reply
from sangto.desk.models.requests import DataRequest, DataRequestStep
from sangto.desk.models.saved import SavedView
from sangto.desk.models.searching import SearchText
from sangto.desk.models.templates import Template
from sangto.desk.models.watching import Watch
from sangto.desk.models.work import Beat, Leased, Turn

__all__ = [
    "Addition",
    "Answer",
    "AnswerVersion",
    "Approval",
    "Beat",
    "Calendar",
    "Calibration",
    "Case",
    "Change",
    "Copy",
    "CopyBytes",
    "DataRequest",
    "DataRequestStep",
    "Delivery",
    "Escalation",
    "ForeignAnswer",
    "Highlight",
    "Holiday",
    "Joining",
    "Leased",
    "LostVersion",
    "Message",
    "Objection",
    "Offer",
    "Outcome",
    "Pause",
    "Publication",
    "Reassignment",
    "Question",
    "Regrouping",
    "Reply",
    "Ruling",
    "SavedView",
    "SearchText",
    "Source",
    "Template",
    "Term",
    "Turn",
    "Watch",
    "Wording",
    "numbered",
    "one_of",
]
