import pytest

from sangto.engine.guard import negation_differs, negations, numbers_differ

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
    ("Chẳng ai bị phạt", "Có người bị phạt"),
    ("Vaccines don't cause autism", "Vaccines cause autism"),
    ("Trump never said it", "Trump said it"),
    ("Bạn không được đỗ xe", "Bạn được đỗ xe"),
    ("Thi cử không gian lận", "Thi cử gian lận"),
    ("Người nghèo được không phải đóng phí", "Người nghèo phải đóng phí"),
    ("Xã không quan tâm", "Xã quan tâm"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_question_tags_and_compounds_are_no_negation(one: str, other: str) -> None:
    assert not negation_differs(negations(one), negations(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_negation_in_just_one_differs_both_ways(one: str, other: str) -> None:
    assert negation_differs(negations(one), negations(other))
    assert negation_differs(negations(other), negations(one))


def test_numbers_differ_names_both_numbers() -> None:
    message, held = ("50", "2019"), ("5", "2019")

    assert numbers_differ(message, held, anywhere=frozenset(held)) == ("50", "5")


def test_numbers_agree_when_one_has_none_or_more() -> None:
    few, many = ("5",), ("5", "2019")

    assert numbers_differ(few, many, anywhere=frozenset(many), near=True) is None
    assert numbers_differ(many, few, anywhere=frozenset(few), near=True) is None
    assert numbers_differ((), few, anywhere=frozenset(few), near=True) is None
    assert numbers_differ(("7",), few, anywhere=frozenset({"5", "7"})) is None


@pytest.mark.parametrize(
    ("message", "held"),
    [(("2019", "2019"), ("2018", "2019")), (("3", "2"), ("2", "3")), (("4", "3"), ("3", "3"))],
)
def test_numbers_of_near_texts_differ_when_changed_or_swapped(message: tuple[str, ...], held: tuple[str, ...]) -> None:
    assert numbers_differ(message, held, anywhere=frozenset(held), near=True) == (message[0], held[0])


def test_near_texts_negate_equally_often() -> None:
    once, twice = negations("No people were included"), negations("No people were not included")

    assert negation_differs(once, twice, near=True)
    assert not negation_differs(once, twice)
