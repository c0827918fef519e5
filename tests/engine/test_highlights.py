import pytest

from sangto.engine.redact import highlights

# Nobody here is a real person, and nobody lives at these addresses.
FOUND = [
    ("Ông Nguyễn Văn Khải tổ trưởng", [("Nguyễn Văn Khải", "name")]),
    ("bà Trần Thị Bích và chị Hoa", [("Trần Thị Bích", "name"), ("Hoa", "name")]),
    ("ong Nguyen Van Khai o dau", [("Nguyen Van Khai", "name")]),
    ("anh nguyễn văn dũng nuôi chó", [("nguyễn văn dũng", "name")]),
    ("TRẦN QUỐC BẢO, AI VẬY", [("TRẦN QUỐC BẢO", "name")]),
    ("Nhờ hỏi Lưu Bảo Ngọc giúp", [("Lưu Bảo Ngọc", "name")]),
    ("BS. Vũ Thị Lan Anh kê đơn", [("Vũ Thị Lan Anh", "name")]),
    ("Chủ tịch phường Hoàng Đình Sơn ký", [("Hoàng Đình Sơn", "name")]),
    ("con tôi tên Bùi Gia Hân", [("Bùi Gia Hân", "name")]),
    ("Mr John Smith and Mary Johnson", [("John Smith", "name"), ("Mary Johnson", "name")]),
    ("Mrs O'Neill said so", [("O'Neill", "name")]),
    ("my name is Sarah Miller", [("Sarah Miller", "name")]),
    ("trước số 12 ngõ 5 đường Hoa Sữa, phường Xanh.", [("số 12 ngõ 5 đường Hoa Sữa, phường Xanh", "address")]),
    ("cửa nhà 12/3 hẻm 45 đường Lê Lợi bẩn", [("nhà 12/3 hẻm 45 đường Lê Lợi", "address")]),
    ("nha em o so 7 ngach 12/4 ngo 89 pho Hoa Lu", [("so 7 ngach 12/4 ngo 89 pho Hoa Lu", "address")]),
    ("ở 45 Nguyễn Trãi, phường Bến Nghé, quận 1", [("45 Nguyễn Trãi, phường Bến Nghé, quận 1", "address")]),
    ("ở ấp 3, xã Tân Phú, huyện Cái Bè", [("ấp 3, xã Tân Phú, huyện Cái Bè", "address")]),
    ("outside 12 Main Street.", [("12 Main Street", "address")]),
    ("my house, Flat 3, 45 Old Mill Road, is dry", [("Flat 3, 45 Old Mill Road", "address")]),
]  # fmt: skip
LEFT = [
    "Phường Nguyễn Trãi có sáp nhập vào quận Hà Đông không?",
    "Đường Lê Lợi, phố Trần Hưng Đạo, cầu Nguyễn Văn Cừ, ngã tư Hoàng Văn Thụ",
    "Trường THPT Nguyễn Thị Minh Khai và bệnh viện Phạm Ngọc Thạch",
    "TP. Hồ Chí Minh, Bà Rịa - Vũng Tàu, Thái Nguyên, chợ Bà Chiểu, ga Ba Son",
    "Nguyen Hue Street and Victoria Park",
    "muon xin cham lai thi nop don cho nao, co ton tien khong",
    "Hỏi bác sĩ. Nhớ mang theo thẻ. Chào anh chị. Hồi nãy có người gọi.",
    "Bộ Y tế, Ủy ban nhân dân phường Sông Xanh, Công an xã",
    "đường số 4 và tổ 7; phòng 12B-1205; Điều 12 khoản 3",
    "From 9:30 to 17:45, 24 hours, room 12-345",
    "",
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_names_and_homes_are_found_where_they_stand(text, found):
    assert [(text[one.start : one.end], one.kind) for one in highlights(text)] == found


@pytest.mark.parametrize("text", LEFT)
def test_streets_schools_and_plain_words_are_left_alone(text):
    assert highlights(text) == ()


def test_places_are_those_of_the_text_as_it_came():
    text = "Gặp\u200b ông\u00a0Nguyễn Văn Ｋhải"

    assert [text[one.start : one.end] for one in highlights(text)] == ["Nguyễn Văn Ｋhải"]
