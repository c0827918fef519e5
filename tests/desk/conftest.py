from tests.channels.stand_in import bot_api

__all__ = ["bot_api"]
