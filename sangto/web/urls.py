"""The addresses of the public pages; the staff's are beside."""

from django.urls import include, path

from sangto.web.views import follow, public

urlpatterns = [
    path("", public.home, name="home"),
    path("ask", public.ask, name="ask"),
    path("suggest", public.suggest, name="suggest"),
    path("answers", public.answers, name="answers"),
    path("a/<str:number>", public.answer, name="answer"),
    path("about", public.about, name="about"),
    path("f/<str:token>", follow.follow, name="follow"),
    path("f/<str:token>/choose", follow.choose, name="choose"),
    path("f/<str:token>/kind", follow.kind, name="kind"),
    path("staff/", include("sangto.web.staff_urls")),
]
