"""Every channel by the name that a Message carries."""

from sangto.channels.base import Channel, Hook
from sangto.channels.console import Console
from sangto.channels.on_page import OnPage
from sangto.channels.telegram import Telegram

HOOKS: dict[str, Hook] = {"telegram": Telegram()}
CHANNELS: dict[str, Channel] = {"web": OnPage(), "api": OnPage(), "console": Console(), **HOOKS}
ON_PAGE = frozenset(name for name, channel in CHANNELS.items() if isinstance(channel, OnPage))
