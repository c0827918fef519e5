"""The addresses of the public pages; the staff's are beside."""

from django.urls import include, path

from sangto.web.views import answering, figures, follow, log, my_data, objections, public, units

urlpatterns = [
    path("", public.home, name="home"),
    path("ask", public.ask, name="ask"),
    path("suggest", public.suggest, name="suggest"),
    path("answers", public.answers, name="answers"),
    path("a/<str:number>", public.answer, name="answer"),
    path("a/<str:number>/contest", objections.contest, name="contest"),
    path("o/<str:number>", objections.objection, name="objection"),
    path("objections", objections.objections, name="objections"),
    path("figures", figures.page, name="figures"),
    path("figures.csv", figures.table, name="figures-table"),
    path("units/<str:code>", units.unit, name="unit"),
    path("about", public.about, name="about"),
    path("log", log.log, name="log"),
    path("log/verify", log.verify, name="verify"),
    path("log/verify_desk.py", log.verifier, name="verifier"),
    path("f/<str:token>", follow.follow, name="follow"),
    path("f/<str:token>/choose", follow.choose, name="choose"),
    path("f/<str:token>/answer", answering.answer, name="answer-question"),
    path("f/<str:token>/kind", follow.kind, name="kind"),
    path("f/<str:token>/receipt.tlog-proof", follow.receipt, name="receipt"),
    path("f/<str:token>/outcome.tlog-proof", follow.outcome_receipt, name="outcome-receipt"),
    path("f/<str:token>/message.txt", follow.message_text, name="message-text"),
    path("f/<str:token>/data", my_data.data, name="data"),
    path("f/<str:token>/data.json", my_data.export, name="data-export"),
    path("f/<str:token>/data/forget-address", my_data.forget, name="forget-address"),
    path("f/<str:token>/data/request", my_data.ask, name="data-request"),
    path("f/<str:token>/data/withdraw", my_data.withdraw, name="withdraw"),
    path("staff/", include("sangto.web.staff_urls")),
    path("staff/", include("sangto.web.sign_in_urls")),
]
