"""Words of other people on an operator's terminal: shown, never obeyed."""

import unicodedata


def shown(text: str) -> str:
    """The text with every control and direction character as its code: an escape sequence would be carried out."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return char
    return f"[U+{ord(char):04X}]"
