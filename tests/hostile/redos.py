"""Strings that make careless patterns explode: the beginning of something known, a piece repeated, an end."""

LENGTH = 20_000
STARTS = (
    "",
    "stk ",
    "số tài khoản ",
    "cccd ",
    "0",
    "+84",
    "a@",
    "https://",
    "www.",
    "@",
    "— ",
    "facebook.com/",
    "(",
    "79-A1 ",
)
PIECES = (
    "0", "1 ", "0.", "0-", "0 -", ". ", "-", "a", "a.", "a@", "@a", "a-", "(at) ", "(dot)a", "/a", "a/", "?a=", "&a=b",
    "％", "\u200b", "\u0301", "—", "— (@a", "\n", " ", "\t", "chín ", "không ", "１", "x@y.", "http://", "đ", "(0)",
)  # fmt: skip
ENDS = ("", "!", "@", "x")

ATTACKS = tuple(
    start + piece * (LENGTH // len(piece)) + end
    for start in STARTS
    for piece in PIECES
    for end in ENDS[: 1 + (start == "")]
)
