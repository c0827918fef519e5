"""How witnesses of the log are reached: one POST, and what they answer."""

import httpx

from sangto.ledger.actions import Said

TIMEOUT_S = 5
MOST_BYTES = 64 * 1024


def post(url: str, body: str) -> Said:
    """What a witness answers; raises OSError when it does not, within 5 s and 64 KiB."""
    try:
        with httpx.stream("POST", url, content=body.encode(), timeout=TIMEOUT_S) as response:
            text = b""
            for part in response.iter_bytes():
                text += part
                if len(text) > MOST_BYTES:
                    raise OSError("the answer is too long")
            return Said(response.status_code, text.decode(errors="replace"))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(type(error).__name__) from error
