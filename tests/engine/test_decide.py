import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.decide import Decision, Reason, Scored, decide, joins
from sangto.engine.match import Entry, Index
from sangto.engine.text import normal

FILLER = [
    "Ăn tỏi chữa được cúm",
    "Bỏ sổ hộ khẩu giấy từ năm sau",
    "Sáp nhập xã Bình Minh",
    "Học phí đại học tăng gấp đôi",
    "Vượt đèn đỏ bị tước bằng lái",
    "A shark swam on a flooded highway",
    "The moon landing was filmed in a studio",
]
# The question held, then the near miss that says something else.
NEAR_MISSES = [
    ("Phạt 5 triệu đồng khi vượt đèn đỏ", "Phạt 50 triệu đồng khi vượt đèn đỏ"),
    ("Phạt 5 triệu đồng khi vượt đèn đỏ", "phat 6 trieu dong khi vuot den do"),
    ("Phạt 5 triệu đồng khi vượt đèn đỏ", "phạt 5 tỷ đồng khi vượt đèn đỏ"),
    ("Học phí tăng 10% từ tháng 9", "Học phí tăng 20% từ tháng 9"),
    ("Lương cơ sở tăng lên 2.340.000 đồng", "Lương cơ sở tăng lên 2.430.000 đồng"),
    ("Lương cơ sở tăng từ ngày 1/7/2025", "Lương cơ sở tăng từ ngày 1/8/2025"),
    ("Lương cơ sở tăng từ ngày 1/7/2025", "luong co so tang tu ngay 1/7/2026"),
    ("Nghỉ Tết 9 ngày năm 2026", "Nghỉ Tết 7 ngày năm 2026"),
    ("Nghỉ Tết 9 ngày năm 2026", "Nghỉ Tết 9 ngày năm 2025"),
    ("Nghị định 168/2024 tăng mức phạt giao thông", "Nghị định 186/2024 tăng mức phạt giao thông"),
    ("Cả nước còn 34 tỉnh thành", "Cả nước còn 43 tỉnh thành"),
    ("Mất điện từ 8 giờ đến 11 giờ ngày mai", "Mất điện từ 8 giờ đến 17 giờ ngày mai"),
    ("Trẻ dưới 6 tuổi được miễn vé xe buýt", "Trẻ dưới 16 tuổi được miễn vé xe buýt"),
    ("Giá điện tăng 4,8 phần trăm", "Giá điện tăng 8,4 phần trăm"),
    ("1.000 hộ dân phải di dời", "10.000 hộ dân phải di dời"),
    ("Tắm nước lạnh ban đêm gây đột quỵ", "Tắm nước lạnh ban đêm không gây đột quỵ"),
    ("Tắm nước lạnh ban đêm gây đột quỵ", "tam nuoc lanh ban dem khong gay dot quy"),
    ("Tắm nước lạnh ban đêm gây đột quỵ", "tắm nước lạnh ban đêm ko gây đột quỵ"),
    ("Vắc xin gây vô sinh", "Vắc xin không gây vô sinh"),
    ("Vắc xin không gây vô sinh", "Vắc xin gây vô sinh"),
    ("Xã đã cấp nước sạch cho thôn Đông", "Xã chưa cấp nước sạch cho thôn Đông"),
    ("Được đốt pháo hoa dịp Tết", "Không được đốt pháo hoa dịp Tết"),
    ("Được đốt pháo hoa dịp Tết", "ko dc dot phao hoa dip tet"),
    ("Nên uống nước trước khi ngủ", "Đừng nên uống nước trước khi ngủ"),
    ("Người cao tuổi được miễn viện phí", "Người cao tuổi chẳng được miễn viện phí"),
    ("Xe máy điện phải đăng ký biển số", "Xe máy điện không phải đăng ký biển số"),
    ("Chính quyền đã thu hồi đất ở bãi sông", "Chính quyền chưa thu hồi đất ở bãi sông"),
    ("Sầu riêng Việt Nam bị Trung Quốc cấm", "Sầu riêng Việt Nam không bị Trung Quốc cấm"),
    ("The fine for running a red light is 5 million dong", "The fine for running a red light is 6 million dong"),
    ("The fine for running a red light is 5 million dong", "The fine for running a red light is 5 billion dong"),
    ("The city has 120 new buses", "The city has 210 new buses"),
    ("The tax rises by 10% in 2026", "The tax rises by 15% in 2026"),
    ("The tax rises by 10% in 2026", "The tax rises by 10% in 2027"),
    ("Two children died after the vaccine", "Three children died after the vaccine"),
    ("The bridge closes on 2025-09-02", "The bridge closes on 2025-09-12"),
    ("Vaccines cause autism", "Vaccines do not cause autism"),
    ("Vaccines cause autism", "Vaccines don't cause autism"),
    ("Vaccines cause autism", "Vaccines never cause autism"),
    ("The mayor signed the order", "The mayor did not sign the order"),
    ("Lemon water cures cancer", "Lemon water cannot cure cancer"),
    ("Residents must pay the new fee", "Residents must not pay the new fee"),
    ("The school will reopen on Monday", "The school won't reopen on Monday"),
    ("There is lead in the tap water", "There is no lead in the tap water"),
    ("The video was filmed in Hanoi", "The video wasn't filmed in Hanoi"),
]


def index_of(*questions: str, **other: str) -> Index:
    values = {"lang": "vi", "kind": "claim", "title": "", "text": "", "place": ""} | other
    index = Index()
    held = [*questions, *FILLER]
    index.replace(Entry(id=number, question=question, **values) for number, question in enumerate(held, 1))
    return index


def decided(index: Index, text: str, *, kind: str = "claim", place: str = "") -> Decision:
    return decide(text, index, kind=kind, place=place)


def joined(index: Index, text: str, *, kind: str = "claim", place: str = "") -> Scored | None:
    return joins(text, index, kind=kind, place=place)


@pytest.mark.parametrize(("held", "asked"), NEAR_MISSES)
def test_near_miss_is_never_instant_and_never_joins(held: str, asked: str) -> None:
    index = index_of(held)

    decision = decided(index, asked)

    assert decision.zone != "instant"
    assert joined(index, asked) is None


@pytest.mark.parametrize(("held", "asked"), NEAR_MISSES)
def test_near_miss_beside_its_own_answer_is_answered_right(held: str, asked: str) -> None:
    index = index_of(held, asked)

    decision = decided(index, asked)

    assert (decision.zone, decision.candidates[0].id) == ("instant", 2)
    assert joined(index, asked) == decision.candidates[0]


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("Tắm nước lạnh ban đêm gây đột quỵ", "tắm nước lạnh ban đêm có gây đột quỵ không ạ?"),
        ("Tắm nước lạnh ban đêm gây đột quỵ", "cho em hỏi tam nuoc lanh ban dem gay dot quy co dung ko"),
        ("Lemon water cures cancer", "Is it true that lemon water cures cancer? A friend sent me this"),
        ("Lương cơ sở tăng lên 2.340.000 đồng", "luong co so tang len 2,340,000 dong dung ko ad oi"),
    ],
)
def test_same_question_is_instant_and_joins(held: str, asked: str) -> None:
    index = index_of(held)

    assert (decided(index, asked).zone, decided(index, asked).candidates[0].id) == ("instant", 1)
    assert joined(index, asked) is not None


def test_same_question_in_another_order_is_offered_with_what_agrees() -> None:
    index = index_of("Phạt 5 triệu đồng khi vượt đèn đỏ")

    best = decided(index, "Vượt đèn đỏ phạt 5.000.000 đồng phải không?").candidates[0]

    assert (best.id, Reason("same_numbers") in best.reasons) == (1, True)
    assert best.sureness > 0.5


def test_contradicted_candidate_is_offered_with_the_reason() -> None:
    index = index_of("Phạt 5 triệu đồng khi vượt đèn đỏ")

    decision = decided(index, "Phạt 50 triệu đồng khi vượt đèn đỏ")

    assert decision.zone == "offer"
    assert Reason("numbers_differ", "50,000,000 đồng / 5,000,000 đồng") in decision.candidates[0].reasons


def test_unrelated_message_goes_to_a_person() -> None:
    index = index_of("Phạt 5 triệu đồng khi vượt đèn đỏ")

    assert (decided(index, "Bao giờ có lịch tiêm phòng dại cho chó").zone) == "person"
    assert decide("gì cũng được", Index(), kind="claim") == Decision(zone="person", candidates=())


def test_one_shared_word_in_a_small_index_is_not_enough() -> None:
    index = index_of("Phạt 5 triệu đồng khi vượt đèn đỏ")

    assert decided(index, "Mức phạt nuôi chó không rọ mõm").zone != "instant"


def test_another_kind_is_never_instant() -> None:
    index = index_of("Đèn đường Lê Lợi hỏng", kind="problem")

    assert decided(index, "Đèn đường Lê Lợi hỏng").zone == "offer"
    assert joined(index, "Đèn đường Lê Lợi hỏng") is None


def test_problem_is_never_instant() -> None:
    index = index_of("Đèn đường Lê Lợi hỏng", kind="problem", place="Lê Lợi")

    assert decided(index, "Đèn đường Lê Lợi hỏng", kind="problem", place="Lê Lợi").zone == "offer"


@pytest.mark.parametrize(
    ("held", "asked", "joining"),
    [
        ("Đường Lê Lợi", "duong le loi", True),
        ("Lê Lợi, phường 1", "Lê Lợi", True),
        ("Lê Lợi", "Trần Phú", False),
        ("Lê Lợi", "", False),
        ("", "Lê Lợi", False),
        ("", "", True),
    ],
)
def test_problem_joins_only_at_the_same_place(held: str, asked: str, joining: bool) -> None:
    index = index_of("Đèn đường bị hỏng ba ngày nay", kind="problem", place=held)

    result = joined(index, "den duong bi hong ba ngay nay", kind="problem", place=asked)

    assert (result is not None) is joining


def test_same_link_is_a_reason_and_offered() -> None:
    index = index_of("Video cá mập bơi trên đường https://tiktok.com/video/77")

    decision = decided(index, "clip này thật không video https://www.tiktok.com/video/77?_r=1")

    assert decision.candidates[0].reasons[0] == Reason("same_link")


def test_typo_is_still_offered_first() -> None:
    index = index_of("Tắm nước lạnh ban đêm gây đột quỵ")

    assert decided(index, "tam nuoc lahn ban dme gay dot qyu").candidates[0].id == 1


def test_at_most_three_are_offered_best_first() -> None:
    index = index_of(*(f"Phạt vượt đèn đỏ tại tỉnh {name}" for name in ("An", "Bình", "Châu", "Dương", "Giang")))

    found = decided(index, "phạt vượt đèn đỏ").candidates

    assert len(found) == 3
    assert [one.sureness for one in found] == sorted((one.sureness for one in found), reverse=True)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["claim", "problem"]))
def test_sureness_is_a_share_whatever_is_typed(text: str, question: str, kind: str) -> None:
    index = Index()
    index.replace([Entry(1, "vi", "claim", question, "", "")])

    decision = decide(text, index, kind=kind)

    assert 0 <= decision.sure <= 1
    assert all(0 <= one.sureness <= 1 for one in decision.candidates)
    joins(text, index, kind=kind)


@pytest.mark.parametrize(
    "text",
    ["", "🔥", "x" * 4000, "ko " * 1300, "1," * 2000, "a" * 2000 + "1" * 2000, "không" * 800, "https://a.vn/b", "0987",
     "a" + "\u0301" * 1_000_000, "привет 你好 xin chào", "ไม่มีช่องว่าง" * 100],
)  # fmt: skip
def test_hostile_message_is_passed_to_a_person_or_offered(text: str) -> None:
    index = index_of("Phạt 5 triệu đồng khi vượt đèn đỏ")

    decision = decide(normal(text), index, kind="claim")

    assert decision.zone in ("person", "offer")
    assert joins(normal(text), index, kind="claim") is None


LEMON = "Uống nước chanh nóng có chữa được ung thư không?"


@pytest.mark.parametrize(
    ("asked", "zone"),
    [
        ("uong nuoc chanh nong chua ung thu", "instant"),
        ("Nghe nói uống nước chanh nóng chữa được ung thư, có thật không ạ", "instant"),
        ("Uống nước dừa có chữa được ung thư không?", "offer"),
        ("uống nước chanh nóng có tốt cho tim không", "offer"),
        ("uống nước chanh mỗi sáng có tốt không", "offer"),
        ("Uống nước chanh nóng có chữa được tiểu đường không?", "offer"),
        ("Khi nào phường cấp lại căn cước?", "person"),
    ],
)
def test_decide_on_a_desk_with_one_answer_is_sure_only_of_the_same_question(asked, zone):
    index = Index()
    index.replace([Entry(id=1, lang="vi", kind="claim", question=LEMON, title="Không chữa được ung thư.", text="")])

    decision = decide(asked, index, kind="claim")

    assert decision.zone == zone


@pytest.mark.parametrize("kind", ["claim", "problem"])
def test_joins_refuses_a_text_with_another_word_in_the_place_of_one(kind):
    index = Index()
    index.replace(
        [Entry(id=1, lang="vi", kind=kind, question="Đèn đường đầu ngõ Hoa Sữa bị tắt ba hôm nay", title="", text="")]
    )
    other = "Đèn đường đầu ngõ Hoa Mai bị tắt ba hôm nay"

    assert joins(other, index, kind=kind) is None
