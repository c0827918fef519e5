"""Personal data masked before anything is stored, and names and home addresses found for a person to decide on.

Masking works on copies of the text in which one sort of digit, letter, dash and space is left, and which know for each
character where it stood. Every pattern takes time linear in the text.
"""

from sangto.engine.redact.highlights import Highlight, highlights
from sangto.engine.redact.masking import Found, Redacted, redact

__all__ = ["Found", "Highlight", "Redacted", "highlights", "redact"]
