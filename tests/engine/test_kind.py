import pytest

from sangto.engine.kind import guess_kind

PROBLEMS = [
    "Đèn đường trước nhà số 5 không sáng",
    "den duong hong 3 ngay nay",
    "Rác đổ đầy đường Lê Lợi, bốc mùi hôi",
    "rac thai ko ai don",
    "ngập nước đường Trần Phú",
    "ong nuoc bi vo",
    "cống bị tắc",
    "hang xom hat karaoke on ao",
    "Hồ sơ của tôi nộp 2 tháng chưa có kết quả",
    "ổ gà to trên đường Nguyễn Trãi",
    "There is a huge pothole on Main Street",
    "The street light in front of my house is broken",
    "Rubbish has not been collected for weeks",
    "Water main leaking on 5th avenue",
    "The noise from the bar next door is unbearable",
    "My permit application is still waiting after 3 months",
]
CLAIMS = [
    "Uống nước chanh chữa ung thư có đúng không?",
    "an toi chua duoc cum",
    "Từ ngày 1/7 bỏ sổ hộ khẩu giấy",
    "nghe noi sap sap nhap xa",
    "Is it true that street lights cause cancer?",
    "Trump said he won the election",
    "Photo shows a shark on a flooded highway, is this real?",
    "Bill Gates wants to put microchips in vaccines",
    "Xin chào",
    "",
    "🔥",
]


@pytest.mark.parametrize("text", PROBLEMS)
def test_guess_kind_finds_what_is_to_be_fixed(text: str) -> None:
    assert guess_kind(text) == "problem"


@pytest.mark.parametrize("text", CLAIMS)
def test_guess_kind_finds_what_is_to_be_checked(text: str) -> None:
    assert guess_kind(text) == "claim"
