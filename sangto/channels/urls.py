"""Where providers post their deliveries."""

from django.urls import path

from sangto.channels.hook import hook

app_name = "channels"
urlpatterns = [path("hooks/<slug:channel>", hook, name="hook")]
