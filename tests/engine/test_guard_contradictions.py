import time

import pytest

from sangto.engine.guard import additions, agreements, contradictions, facts


def codes(message: str, wording: str, *also: str, near: bool = False) -> set[str]:
    found = contradictions(facts(message), facts(wording), also=[facts(one) for one in also], near=near)
    return {one.code for one in found}


DIFFERENT = [
    ("numbers_differ", "phạt 50 triệu đồng", "phạt 5 triệu đồng"),
    ("numbers_differ", "lương 6tr", "lương năm triệu rưỡi"),
    ("numbers_differ", "giảm 20% học phí", "giảm một nửa học phí"),
    ("numbers_differ", "trẻ dưới 16 tuổi", "trẻ dưới 6 tuổi"),
    ("numbers_differ", "two hundred people died", "a dozen people died"),
    ("dates_differ", "nghỉ lễ 30/4", "nghỉ lễ 2/9"),
    ("dates_differ", "từ ngày 1 tháng 8", "từ ngày 1/7/2025"),
    ("dates_differ", "taken in 1969", "taken in 1989"),
    ("dates_differ", "open on Sept 2", "open on 3 September"),
    ("places_differ", "Đà Nẵng cấm xe máy", "Hà Nội cấm xe máy"),
    ("places_differ", "sg cam xe may", "Hà Nội cấm xe máy"),
    ("places_differ", "ở Vũng Tàu", "ở Bình Dương"),
    ("places_differ", "riots in Paris", "riots in London"),
    ("places_differ", "phường Bến Nghé phát gạo", "phường Tân Định phát gạo"),
    ("units_differ", "mỗi hộ 5 lít", "mỗi hộ 5 kg"),
    ("units_differ", "treo bằng 10 ngày", "treo bằng 10 tháng"),
    ("units_differ", "500 euros a month", "500 dollars a month"),
    ("things_differ", "uống nước dừa chữa ung thư", "uống nước chanh chữa ung thư"),
    ("things_differ", "dogs can smell cancer", "cats can smell cancer"),
    ("opposites_differ", "giá xăng giảm", "giá xăng tăng"),
    ("opposites_differ", "red wine cures cancer", "red wine causes cancer"),
    ("opposites_differ", "khám bệnh mất phí", "khám bệnh miễn phí"),
    ("negation_differs", "sóng 5G không gây ung thư", "sóng 5G gây ung thư"),
    ("negation_differs", "song 5g ko gay ung thu", "sóng 5G gây ung thư"),
    ("negation_differs", "vaccines don't cause autism", "vaccines cause autism"),
]
SAME = [
    ("lương hai triệu rưỡi", "lương 2,5tr"),
    ("khoảng 5 triệu người", "5,2 triệu người"),
    ("hơn 5 triệu đồng", "5 triệu đồng"),
    ("phạt 6 triệu đồng", "phạt từ 5 đến 7 triệu đồng"),
    ("con tôi 4 tuổi có được khám miễn phí không", "trẻ dưới 6 tuổi được khám miễn phí"),
    ("một nửa dân số", "50% dân số"),
    ("nghỉ 12 tháng", "nghỉ 1 năm"),
    ("từ tháng 7", "từ 1/7/2025"),
    ("ngay 2 thang 9", "mùng 2/9"),
    ("Sept 2, 2025", "2 September 2025"),
    ("cấm xe từ 10h tối", "cấm xe từ 22 giờ"),
    ("TPHCM cấm xe máy", "Sài Gòn cấm xe máy"),
    ("ở Quảng Nam", "ở Đà Nẵng"),
    ("a shark in Miami", "a shark in Florida"),
    ("ở Mỹ", "ở Hoa Kỳ"),
    ("Chanh có chữa được ung thư không ạ?", "Chanh chữa ung thư"),
    ("chanh chua ung thu phai ko ad", "Chanh chữa ung thư"),
    ("Hàng không tăng giá vé, không khí ô nhiễm", "Vé tăng giá, ô nhiễm"),
    ("không biết có đúng không mà chanh chữa ung thư", "Chanh chữa ung thư"),
    ("it is not true that lemons cure cancer", "lemons cure cancer"),
    ("vaccines cause autism, isn't it", "vaccines cause autism"),
    ("khám không mất tiền", "khám miễn phí"),
    ("có được phép đốt pháo không", "cấm đốt pháo"),
    ("Chanh chữa ung thư. Tin này có 12.000 lượt xem hôm 3/5.", "Uống 2 cốc nước chanh mỗi ngày chữa ung thư"),
    ("bé bị sốt", "bé dưới 6 tuổi bị sốt ở Hà Nội năm 2025"),
]


@pytest.mark.parametrize(("code", "message", "wording"), DIFFERENT)
def test_a_changed_detail_contradicts_both_ways(code: str, message: str, wording: str) -> None:
    assert code in codes(message, wording)
    assert code in codes(wording, message, near=True)


@pytest.mark.parametrize(("message", "wording"), SAME)
def test_the_same_said_otherwise_contradicts_nothing(message: str, wording: str) -> None:
    assert codes(message, wording) == set()
    assert codes(wording, message) == set()


def test_a_negated_answer_fits_the_question_but_not_the_other_way_round() -> None:
    asked, negated = "Sóng 5G có gây ung thư cho người dùng không?", "Sóng 5G không gây ung thư"

    assert codes(asked, negated) == set()
    assert codes(negated, asked) == {"negation_differs"}


def test_a_number_of_another_wording_of_the_answer_counts_for_it() -> None:
    assert codes("phạt 4 triệu đồng", "phạt 6 triệu đồng") == {"numbers_differ"}
    assert codes("phạt 4 triệu đồng", "phạt 6 triệu đồng", "mức phạt từ 4 triệu đồng") == set()


def test_one_word_in_place_of_another_differs_but_a_slip_or_a_synonym_does_not() -> None:
    wording = "Rửa rau bằng nước muối diệt hết sán"

    assert codes("Rửa rau bằng nước muối diệt hết giun", wording, near=True) == {"things_differ"}
    assert codes("Rửa rau bằng nước muoois diệt hết sán", wording, near=True) == set()
    assert codes("Xem phim ở nhà", "Coi phim ở nhà", near=True) == set()


def test_a_place_is_said_with_both_names() -> None:
    found = contradictions(facts("ở Đà Nẵng"), facts("ở Hà Nội"), near=False)

    assert [(one.mine, one.theirs) for one in found] == [("da nang", "ha noi")]


def test_agreements_name_what_both_say() -> None:
    message, wording = "từ 1/7/2025 Hà Nội phạt 6 triệu đồng", "Hà Nội: từ tháng 7/2025 phạt 6.000.000 đồng"

    found = agreements(facts(message), facts(wording))

    assert [(one.code, one.value) for one in found] == [
        ("same_dates", "1/7/2025"),
        ("same_numbers", "6,000,000 đồng"),
        ("same_places", "ha noi"),
    ]


def test_a_date_or_a_place_that_the_answer_lacks_is_an_addition() -> None:
    message, wording = facts("Năm 2015 ở Hàn Quốc phạt bao nhiêu?"), facts("Không đăng ký tạm trú bị phạt bao nhiêu?")

    assert [one.code for one in additions(message, wording)] == ["date_added", "place_added"]
    assert additions(message, wording, also=[facts("Từ 2026 tại Hà Nội")]) == ()


@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "1" * 4000, "1/" * 2000, "không" * 800, "e\u0301" + "\u0301" * 1_000_000, "https://a.vn/" + "x" * 3980,
     "😀", "", "5 " * 2000, "khong " * 700, "a-" * 2000, "một hai ba " * 360, "ngày 2 tháng 9 " * 260],
)  # fmt: skip
def test_hostile_texts_are_read_in_time_and_contradict_nothing(text: str) -> None:
    start = time.process_time()

    taken = facts(text)

    assert contradictions(taken, taken, near=True) == ()
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize(
    ("message", "wording"),
    [
        ("The town admitted that the bottled water is not just tap water.", "just tap water"),
        ("The pictures of the flooded market taken last week are not real.", "real"),
        ("The city map shown on the town's page is not accurate this year.", "accurate"),
    ],
)
def test_even_an_idiom_with_not_counts_in_a_text_that_is_else_the_same(message: str, wording: str) -> None:
    plain = message.replace("not ", "")

    found = contradictions(facts(message), facts(plain), near=True)

    assert wording in plain
    assert [one.code for one in found] == ["negation_differs"]
    assert found[0].mine == "not"
    assert [one.code for one in contradictions(facts(plain), facts(message), near=True)] == ["negation_differs"]


def test_whether_or_not_negates_nothing() -> None:
    message, wording = "Is the old bridge closed this week or not?", "Is the old bridge closed this week?"

    assert contradictions(facts(message), facts(wording), near=True) == ()


def test_one_code_in_the_place_of_another_contradicts() -> None:
    message, wording = (
        "The worm W33/Klez (or W32.Klez.E) spreads by mail",
        "The worm W32/Klez (or W32.Klez.E) spreads by mail",
    )

    found = contradictions(facts(message), facts(wording), near=True)

    assert [(one.code, one.mine) for one in found] == [("numbers_differ", "w33")]
