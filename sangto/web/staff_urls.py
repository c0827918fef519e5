"""The addresses of the staff pages. What changes something is a POST: on one Case or request, or on the work."""

from django.urls import path

from sangto.web.views.staff import (
    case,
    copies,
    drafting,
    members,
    objections,
    requests,
    templates,
    terms,
    units,
    writing,
)
from sangto.web.views.staff.audit import audit
from sangto.web.views.staff.inbox import inbox
from sangto.web.views.staff.invitation import invitation
from sangto.web.views.staff.preview import preview
from sangto.web.views.staff.saved import drop_view, save_view
from sangto.web.views.staff.security import confirm
from sangto.web.views.staff.sign_in import SignIn, sign_out
from sangto.web.views.staff.together import together
from sangto.web.views.staff.work import try_again, work

app_name = "staff"

urlpatterns = [
    path("", inbox, name="inbox"),
    path("views/save", save_view, name="save-view"),
    path("views/drop", drop_view, name="drop-view"),
    path("together", together, name="together"),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", sign_out, name="sign-out"),
    path("confirm", confirm, name="confirm"),
    path("invitation/<str:token>", invitation, name="invitation"),
    path("audit", audit, name="audit"),
    path("members", members.members, name="members"),
    path("members/invite", members.invite, name="invite"),
    path("members/grants/<int:pk>/more", members.give_role, name="give-role"),
    path("members/grants/<int:pk>/end", members.end_role, name="end-role"),
    path("work", work, name="work"),
    path("work/try-again", try_again, name="try-again"),
    path("terms", terms.terms, name="terms"),
    path("terms/set", terms.put, name="set-term"),
    path("templates", templates.templates, name="templates"),
    path("templates/<int:pk>", templates.template, name="template"),
    path("requests", requests.requests, name="requests"),
    path("requests/<str:number>", requests.data_request, name="request"),
    path("requests/<str:number>/answer", requests.answer, name="request-answer"),
    path("requests/<str:number>/extend", requests.extend, name="request-extend"),
    path("requests/<str:number>/finish", requests.finish, name="request-finish"),
    path("requests/<str:number>/refuse", requests.refuse, name="request-refuse"),
    path("objections", objections.objections, name="objections"),
    path("objections/<str:number>", objections.objection, name="objection"),
    path("objections/<str:number>/rule", objections.rule, name="objection-rule"),
    path("units", units.units, name="units"),
    path("units/<str:number>", units.unit, name="unit"),
    path("case/<str:number>/unit", units.place, name="place"),
    path("case/<str:number>", case.case, name="case"),
    path("case/<str:number>/ask-back", case.ask_back, name="ask-back"),
    path("case/<str:number>/split", case.split, name="split"),
    path("case/<str:number>/merge", case.merge, name="merge"),
    path("case/<str:number>/undo", case.undo, name="undo"),
    path("case/<str:number>/close", case.close, name="close"),
    path("case/<str:number>/assign", case.assign, name="assign"),
    path("case/<str:number>/watch", case.watch, name="watch"),
    path("case/<str:number>/hand-over", case.hand_over, name="hand-over"),
    path("case/<str:number>/reopen", case.reopen, name="reopen"),
    path("case/<str:number>/write", drafting.write, name="write"),
    path("case/<str:number>/preview", preview, name="preview"),
    path("case/<str:number>/copies/ask", copies.ask_copy, name="ask-copy"),
    path("case/<str:number>/copies/upload", copies.upload_copy, name="upload-copy"),
    path("case/<str:number>/copies/<int:pk>", copies.copy, name="copy"),
    path("case/<str:number>/correct", writing.correct, name="correct"),
    path("case/<str:number>/withdraw", writing.withdraw, name="withdraw"),
    path("case/<str:number>/discard", writing.discard, name="discard"),
    path("case/<str:number>/decide", writing.decide, name="decide"),
    path("case/<str:number>/publish", writing.publish, name="publish"),
    path("case/<str:number>/send-back", writing.send_back, name="send-back"),
]
