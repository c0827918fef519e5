import pytest

from sangto.engine.guard import contradictions, facts

FEE = "Cấp lại thẻ căn cước hết bao nhiêu tiền?"
WAIT = "Xin phúc khảo bài thi trong bao nhiêu ngày?"
WHETHER = "Thuốc nam có chữa được bệnh dại không?"


def found(message: str, *wordings: str) -> list[tuple[str, str]]:
    first, *also = map(facts, wordings)
    return [(one.code, one.mine) for one in contradictions(facts(message), first, also=also, near=False)]


@pytest.mark.parametrize(
    ("message", "wording", "asked"),
    [
        ("Xin cấp lại thẻ căn cước thì mấy ngày có?", FEE, "mấy ngày"),
        ("xin cap lai the can cuoc thi cho bao lau", FEE, "bao lau"),
        ("Xin cấp lại thẻ căn cước thì phải mang theo giấy tờ gì?", FEE, "tờ gì"),
        ("Phúc khảo bài thi lệ phí bao nhiêu?", WAIT, "bao nhiêu"),
        ("Một người xin phúc khảo được bao nhiêu môn?", WAIT, "bao nhiêu môn"),
        ("Lên cơn dại thì sống được mấy ngày?", WHETHER, "mấy ngày"),
    ],
)
def test_a_question_for_another_kind_of_thing_differs(message: str, wording: str, asked: str) -> None:
    assert found(message, wording) == [("things_differ", asked)]


@pytest.mark.parametrize(
    ("message", "wordings"),
    [
        ("Xin cấp lại thẻ căn cước hết mấy trăm nghìn một lần?", [FEE]),
        ("Cấp lại thẻ căn cước thế nào?", [FEE]),
        ("Tôi xin cấp lại thẻ căn cước thì có mất tiền không?", [FEE]),
        ("Phúc khảo bài thi đến ngày nào hết hạn?", [WAIT]),
        ("Phúc khảo bài thi lệ phí bao nhiêu?", [WAIT, "Phúc khảo bài thi: 10 ngày, lệ phí 50.000 đồng"]),
        ("Đổi giấy tờ tốn bao nhiêu tiền?", ["Đổi giấy tờ có phải nộp lệ phí không?"]),
        ("Thuốc nam chữa được bệnh dại, không bao giờ sai, ngày nào cũng uống", [WHETHER]),
        ("Mấy lá thuốc nam chữa bệnh dại được ạ?", [WHETHER]),
        ("Máy nào đo đầu ngón tay?", ["Đo đầu ngón tay bao lâu một lần?"]),
        ("How many days until it works?", ["Does it work?"]),
    ],
)
def test_a_question_that_the_answer_may_settle_contradicts_nothing(message: str, wordings: list[str]) -> None:
    assert found(message, *wordings) == []


def test_a_question_asked_of_a_foreign_country_is_not_settled_by_an_answer_about_home() -> None:
    wording = "Cá nhân chia sẻ tin giả bị phạt bao nhiêu tiền?"

    assert found("Cá nhân chia sẻ tin giả ở Singapore bị phạt bao nhiêu tiền?", wording) == [
        ("places_differ", "singapore")
    ]
    assert found("Thái Lan đã có ca bệnh chưa?", "Việt Nam đã có ca bệnh chưa?") == [("places_differ", "thailand")]
    assert found("Tôi lấy chồng quốc tịch Nhật, chia sẻ tin giả thì phạt bao nhiêu tiền?", wording) == []
    assert found("Ở Singapore có người bị phạt vì tin giả", wording) == []
    assert (
        found(
            "Tôi mua hàng rẻ bên Trung Quốc thì có phải đóng thuế không?",
            "Hàng mua từ nước ngoài có bị đánh thuế không?",
        )
        == []
    )


def test_a_question_about_a_time_gone_by_is_not_settled_by_an_answer_without_a_date() -> None:
    wording = "Bán nhà đất phải nộp thuế bao nhiêu phần trăm?"

    assert found("Hồi năm 2022 bán nhà đất nộp thuế bao nhiêu phần trăm?", wording) == [("dates_differ", "2022")]
    assert found("Bán nhà đất năm 2007 nộp thuế bao nhiêu phần trăm?", wording) == [("dates_differ", "2007")]
    assert found("Bán nhà đất tháng 5/2024 nộp thuế bao nhiêu phần trăm?", wording) == [("dates_differ", "5/2024")]
    assert found("Nhà mua từ năm 1997, nay bán nộp thuế bao nhiêu phần trăm?", wording) == []
    assert found("Năm 2026 bán nhà đất nộp thuế bao nhiêu phần trăm?", wording) == []
    assert found("Hồi năm 2022 bán nhà đất nộp thuế bao nhiêu phần trăm?", wording, "Thuế bán nhà từ 2015") == []


@pytest.mark.parametrize(
    ("message", "wording"),
    [
        ("Con tôi học lớp 7 có phải đóng học phí không?", "Miễn học phí đến lớp 12"),
        ("Nửa đêm nhà bên hát karaoke thì báo ai?", "Hát karaoke sau 22 giờ thì báo ai?"),
        ("Thiết bị giảm gần một nửa tiền điện", "Thiết bị giảm 40% tiền điện"),
        ("Đất ở từ năm 1990 có được cấp sổ đỏ không?", "Đất ở trước năm 2014 có được cấp sổ đỏ không?"),
        ("chích máu ngón tay đột quỵ", "Chích máu đầu ngón tay không cứu được người đột quỵ"),
    ],
)
def test_what_is_so_with_the_sender_does_not_contradict_the_rule(message: str, wording: str) -> None:
    assert found(message, wording) == []


@pytest.mark.parametrize(
    ("message", "wording"),
    [
        (
            "Giấy hẹn khám có giá trị một năm kể từ ngày ký hay chỉ đến hết ngày 31/12?",
            "Phiếu chuyển lên tuyến trên có giá trị một năm kể từ ngày ký hay chỉ đến hết ngày 31/12?",
        ),
        (
            "Dùng máy ozone khử độc rau có diệt hết trứng giun, sán và thuốc trừ sâu không?",
            "Ngâm rau sống trong nước muối có diệt hết trứng giun, sán và thuốc trừ sâu không?",
        ),
        ("Khai tử cho cha quá hạn có bị phạt không?", "Khai sinh cho con muộn thì phạt thế nào?"),
        ("chậm đóng tiền nước thì bao lâu bị cắt?", "Nợ tiền điện bao lâu thì bị ngừng cấp điện?"),
        ("Sinh viên có được miễn học phí không?", "Học phí trường công: học sinh được miễn"),
    ],
)
def test_another_subject_in_the_same_frame_or_family_differs(message: str, wording: str) -> None:
    assert "things_differ" in [code for code, _ in found(message, wording)]


def test_a_long_frame_with_words_of_the_same_meaning_or_more_words_contradicts_nothing() -> None:
    wording = "Người dân có được nộp tiền phạt giao thông trên cổng dịch vụ công không?"

    assert found("Bà con có được đóng tiền phạt giao thông trên cổng dịch vụ công không?", wording) == []
    assert found("Ở xã thì người dân có được nộp tiền phạt giao thông trên cổng dịch vụ công không?", wording) == []
