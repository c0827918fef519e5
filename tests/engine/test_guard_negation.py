import pytest

from sangto.engine.guard import contradictions, facts

SAME = [
    ("Chanh chữa ung thư có đúng không?", "Chanh chữa ung thư"),
    ("chanh chua ung thu phai ko ad", "Chanh chữa ung thư"),
    ("chanh chua duoc ung thu", "Chanh chữa được ung thư"),
    ("Chanh có chữa được ung thư không ạ?", "Chanh chữa ung thư"),
    ("Đã bỏ sổ hộ khẩu chưa?", "Đã bỏ sổ hộ khẩu"),
    ("ô nhiễm không khí ở Hà Nội", "Ô nhiễm ở Hà Nội"),
    ("Hàng không tăng giá vé", "Vé máy bay tăng giá"),
    ("Không chỉ chanh mà tỏi cũng chữa cúm", "Tỏi chữa cúm"),
    ("ko dc uong nuoc da", "Không được uống nước đá"),
    ("chua duoc tiem", "Chưa được tiêm"),
    ("chuyen do no noi the", "Chuyện đó nó nói thế"),
    ("Isn't it? Lemons cure cancer", "Lemons cure cancer"),
    ("Vaccines don't cause autism", "Vaccines do not cause autism"),
    ("He is No. 5", "He is number five"),
]
DIFFERENT = [
    ("Chanh không chữa ung thư", "Chanh chữa ung thư"),
    ("chanh ko chua dc ung thu", "Chanh chữa được ung thư"),
    ("Tôi chưa được tiêm", "Tôi được tiêm"),
    ("Đừng uống nước đá", "Uống nước đá"),
    ("Vaccines don't cause autism", "Vaccines cause autism"),
    ("Bạn không được đỗ xe", "Bạn được đỗ xe"),
    ("Thi cử không gian lận", "Thi cử gian lận"),
    ("Người nghèo được không phải đóng phí", "Người nghèo phải đóng phí"),
    ("Xã không quan tâm", "Xã quan tâm"),
]


def codes(message: str, wording: str) -> list[str]:
    return [one.code for one in contradictions(facts(message), facts(wording), near=False)]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_question_tags_and_compounds_are_no_negation(one: str, other: str) -> None:
    assert codes(one, other) == codes(other, one) == []


@pytest.mark.parametrize(("message", "wording"), DIFFERENT)
def test_negation_in_the_message_alone_differs(message: str, wording: str) -> None:
    assert codes(message, wording) == ["negation_differs"]
