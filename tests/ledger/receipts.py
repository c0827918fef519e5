"""A receipt to check: the log it is from, the policy, and what is said of it."""

from pathlib import Path

from tests.ledger.naive import ORIGIN, NaiveDesk, policy, put, witness
from tests.ledger.running import said

TEXT = "Nước sông có tăng không?"
PLACE = "Phường Bến Nghé"
W1 = witness(1)
VALID = f"Valid: the message received on 2026-11-21 by web is in the log {ORIGIN}, entry 5 of 21."
VALID_VI = f"Hợp lệ: tin nhận ngày 2026-11-21 qua web có trong nhật ký {ORIGIN}, mục số 5 trên 21."
SEEN = "Witness w1 confirmed the checkpoint at 2026-11-22T10:15:00Z."
SEEN_VI = "Bên làm chứng w1 đã xác nhận mốc nhật ký lúc 2026-11-22T10:15:00Z."
NO_WITNESS = "Note: the policy asks for no witness: whoever holds the log's key could still show you alone another log."
NO_WITNESS_VI = (
    "Lưu ý: chính sách không đòi bên làm chứng: ai giữ khóa nhật ký vẫn có thể cho riêng bạn xem một bản khác."
)
BAD_VALUE = "Not valid: a value is not written as it should be: {}"
BAD_NOTE = "Not valid: the signature part is malformed or has more than 100 lines."
BAD_PROOF = "Not valid: the proof is malformed or longer than 63 hashes."
BAD_ROOT = "Not valid: the proof does not lead to the root of the checkpoint."
BAD_TEXT = "Not valid: the file is not clean UTF-8 text (it has control characters, CR line ends or odd bytes)."


class Case:
    """A log of 21 entries, a receipt in the middle, the policy that asks for one witness."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = NaiveDesk(witnesses=(W1,))
        for number in range(5):
            self.desk.receive(f"tin {number}")
        self.receipt = self.desk.receive(TEXT, PLACE, files=["ab" * 32])
        for number in range(15):
            self.desk.receive(f"tin sau {number}")
        self.policy = folder / "policy"
        self.trust(policy([self.desk.log.key], [W1]))

    def trust(self, text: str) -> None:
        put(self.policy, text.encode())

    def file(self, text: str | bytes, name: str = "receipt.tlog-proof") -> Path:
        put(self.folder / name, text if isinstance(text, bytes) else text.encode())
        return self.folder / name

    def check(self, capsys, text: str | bytes, *more: object) -> tuple[int, list[str]]:
        """What is said of a receipt, in English."""
        return said(capsys, "receipt", self.file(text), "--policy", self.policy, *more)
