"""A desk under watch: the folder that it serves, and what `monitor` says of it."""

import json

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveDesk, witness
from tests.ledger.running import both, said

NOW = verify.seconds("2026-11-21T12:00:00Z")
A, B = "2026-000001", "2026-000002"
W1 = witness(1)


class Watched:
    """A desk with a few messages and answers, the folder it serves, and the watch kept over it."""

    def __init__(self, folder, capsys) -> None:
        self.folder, self.capsys = folder, capsys
        self.desk = NaiveDesk(witnesses=(W1,))
        receipts = [self.desk.receive(f"tin {number}") for number in range(6)]
        for receipt, outcome in zip(
            receipts, ("answered", "answered", "forwarded", "declined", "expired"), strict=False
        ):
            self.desk.settle(receipt, outcome)
        self.desk.publish(A)
        self.desk.publish(B)
        self.desk.correct(A)
        self.write()

    @property
    def root(self):
        return self.folder / "desk"

    @property
    def state(self) -> dict:
        return json.loads((self.folder / "state/state.json").read_text())

    def write(self) -> None:
        self.desk.write(self.root)

    def argv(self, where: object = None) -> list[object]:
        policy = self.root / "log/policy"
        return ["monitor", where or self.root, "--state", self.folder / "state", "--policy", policy]

    def look(self, where: object = None, lang: str = "en") -> tuple[int, list[str]]:
        return said(self.capsys, *self.argv(where), lang=lang)

    def look_twice(self) -> tuple[int, list[str], list[str]]:
        return both(self.capsys, *self.argv())

    def page(self, a: str = A, n: int = 1):
        return self.root / f"answers/{a}/v{n}.json"


def log_line(size: int, origin: str = ORIGIN) -> str:
    return f"Log {origin}: the root fits; entries: {size}."


COUNTS = (
    "Messages received: 6; answered: 2; forwarded: 1; declined: 1; expired: 1; merged: 0; "
    "withdrawn by their senders: 0; still open: 1."
)
COUNTS_VI = (
    "Tin đã nhận: 6; đã trả lời: 2; đã chuyển: 1; đã từ chối: 1; hết hạn lưu giữ: 1; đã gộp: 0; "
    "người gửi rút lại: 0; còn mở: 1."
)
GOOD = [log_line(14), COUNTS, "Valid: everything fits; answer versions checked: 3."]
GOOD_VI = [
    f"Sổ {ORIGIN}: mã gốc khớp; số mục: 14.",
    COUNTS_VI,
    "Hợp lệ: mọi thứ đều khớp; số phiên bản câu trả lời đã kiểm tra: 3.",
]


def found(*warnings: str, size: int = 14, counts: str = COUNTS) -> tuple[int, list[str]]:
    """What is said when the desk is not as its log."""
    lines = [f"Warning: {each}" for each in warnings]
    return 1, [log_line(size), *lines, counts, f"Things that do not fit, as said above: {len(warnings)}."]


def wrong(index: int, why: str) -> str:
    return f"entry {index} of the log {ORIGIN} is wrong: {why}"
