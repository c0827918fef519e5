"""Vietnamese SMS spellings ("teencode"), abbreviations and regional spellings, and the standard words they stand for.

Our own lists. A key of `WRITTEN` is neither a Vietnamese syllable in use nor a common English word, and no expansion
holds a key, so that expanding twice changes nothing. What only its diacritics make certain is in `MARKED`.
"""

from itertools import product

from sangto.engine.folding import bare
from sangto.engine.syllable import FOLDED, is_syllable

_WRITTEN = """
ae anh em|antt an ninh trật tự|atgt an toàn giao thông|attp an toàn thực phẩm|bca bộ công an|bcao báo cáo
bgd bộ giáo dục|bgddt bộ giáo dục và đào tạo|bgtvt bộ giao thông vận tải|bh bao giờ|bhiem bảo hiểm
bhtn bảo hiểm thất nghiệp|bhxh bảo hiểm xã hội|bhxhtn bảo hiểm xã hội tự nguyện|bhyt bảo hiểm y tế|bih bình|bik biết
bjh bây giờ|bjo bây giờ|bjt biết|bk biết|bn bao nhiêu|bnh bao nhiêu|bnhieu bao nhiêu|bnhiu bao nhiêu|bs bác sĩ
bsi bác sĩ|bt biết|bth bình thường|bthg bình thường|bthuong bình thường|bv bệnh viện|bvien bệnh viện
bvmt bảo vệ môi trường|byt bộ y tế|camon cảm ơn|cban cơ bản|cbi chuẩn bị|cccd căn cước công dân|cf cà phê
cfe cà phê|chj chị|chog chồng|chs chơi|chug chung|chx chưa|ck chồng|ckhoan chuyển khoản|cktk chuyển khoản
cmnd chứng minh nhân dân|cnao cái nào|cnay chiều nay|cogn công|cphu chính phủ|csgt cảnh sát giao thông
cskh chăm sóc khách hàng|cthe có thể|ctrinh chương trình|cty công ty|cug cũng|cugn cũng|cungz cũng|cvc công viên chức
cx cũng|cxac chính xác|dag đang|dc được|ddc được|dchi địa chỉ|dcko được không|dg đang|dh đại học|dk được|dki đăng ký
dkien điều kiện|dkkd đăng ký kinh doanh|dkkh đăng ký kết hôn|dko được không|dky đăng ký|dnghiep doanh nghiệp
dquy đột quỵ|dt điện thoại|dtb điểm trung bình|dth điện thoại|dthoai điện thoại|dthu doanh thu|dtich diện tích
dugs đúng|duog đường|dv dịch vụ|dvc dịch vụ công|dz vậy|dzay vậy|dzi vậy|dzia về|dzo vô|dzui vui|fai phải|fap pháp
fb facebook|fbook facebook|fep phép|gcn giấy chứng nhận|gddt giáo dục và đào tạo|gdich giao dịch|gdinh gia đình
ghk không|gj gì|gjo giờ|gks giấy khai sinh|gplx giấy phép lái xe|gpxd giấy phép xây dựng|gtgt giá trị gia tăng
gthich giải thích|gthong giao thông|gtri giá trị|gtvt giao thông vận tải|gv giáo viên|gvien giáo viên
gxn giấy xác nhận|hapcao huyết áp cao|hcm hồ chí minh|hdan hướng dẫn|hdnd hội đồng nhân dân|hdong hợp đồng|hk không
hluong hưởng lương|hnao hôm nào|hnay hôm nay|hok không|hoq không|hqa hôm qua|hqua hôm qua|hsau hôm sau|hsinh học sinh
htai hiện tại|htx hợp tác xã|hvien học viên|insta instagram|iu yêu|ji gì|jo giờ|jup giúp|jz gì vậy|kbh không bao giờ
kbit không biết|kbt không biết|kcb khám chữa bệnh|kcn khu công nghiệp|kdc không được|kdt khu đô thị
kgi không gì|kh không|khg không|khog không|khoq không|khum không|kjm kiểm|klq không liên quan|ko không|kog không
kp không phải|kphai không phải|kphep không phép|kq kết quả|kqua kết quả|ksao không sao|ksk khám sức khỏe
kthe không thể|kthuat kỹ thuật|ktra kiểm tra|ktrang khẩu trang|kts kỹ thuật số|ktxh kinh tế xã hội|kv khu vực
kvuc khu vực|ldtbxh lao động thương binh xã hội|lhe liên hệ|lltp lý lịch tư pháp|lm làm|lmj làm gì|lquan liên quan
lsao làm sao|luog lương|lv làm việc|lviec làm việc|mih mình|mik mình|mjh mình|mjk mình|mjnh mình|mk mình|mn mọi người
mng mọi người|mog mong|mtruong môi trường|mxh mạng xã hội|nch nói chuyện|nchung nói chung|ncl nói chung là|ng người
ngdan người dân|nge nghe|nghj nghỉ|nghquyet nghị quyết|ngiu người yêu|ngk người khác|ngkh người khác|nglon người lớn
ngoaj ngoài|ngta người ta|nguoj người|nhg nhưng|nhiu nhiều|nhj nhỉ|nhju nhiều|nhm nhưng mà|nhma nhưng mà|nhug nhưng
nhx những|nld người lao động|nma nhưng mà|nnao như nào|nnay năm nay|nntn như nào|nnuoc nhà nước|nq nghị quyết
nsach ngân sách|nsnn ngân sách nhà nước|nthe như thế|ntn như thế nào|ntnao như thế nào|ntnay như thế này|nv nhân viên
nvay như vậy|nvien nhân viên|nx nữa|nxb nhà xuất bản|oj ơi|oki được|onl online|oy rồi|pbiet phân biệt
pccc phòng cháy chữa cháy|phaj phải|phg phường|phog phòng|phuog phường|pk phải không|pko phải không|ptrien phát triển
pvs phỏng vấn|qd quyết định|qdinh quyết định|qh quốc hội|qhe quan hệ|qhoach quy hoạch|qlda quản lý dự án|qly quản lý
qsdd quyền sử dụng đất|qtam quan tâm|qtrong quan trọng|sdt số điện thoại|sdung sử dụng|sgk sách giáo khoa|sk sức khỏe
skhoe sức khỏe|slg số lượng|snay sáng nay|sp sản phẩm|stk số tài khoản|sv sinh viên|svien sinh viên|sxh sốt xuất huyết
tand tòa án nhân dân|tbao thông báo|tbinh trung bình|tbxh thương binh xã hội|tdp tổ dân phố|tduong tiểu đường
tg thời gian|tgd tổng giám đốc|tgian thời gian|thag tháng|thanhtoan thanh toán|thcs trung học cơ sở|thg tháng
thgian thời gian|thik thích|thix thích|thj thì|thks cảm ơn|thnao thế nào|thog thông|thoj thôi|thoy thôi
thpt trung học phổ thông|thptqg trung học phổ thông quốc gia|ths thạc sĩ|thtin thông tin|thuog thường|tih tỉnh|tjm tim
tk tài khoản|tke thiết kế|tkhoan tài khoản|tks cảm ơn|tl trả lời|tlg tiền lương|tlinh tâm linh|tloi trả lời
tnan tai nạn|tnao thế nào|tnay tối nay|tncn thu nhập cá nhân|tndn thu nhập doanh nghiệp|tngt tai nạn giao thông
tnxh tệ nạn xã hội|tp thành phố|tphcm thành phố hồ chí minh|tpho thành phố|trc trước|trg trong|trieuj triệu|trk trước
trog trong|trug trung|trungtam trung tâm|truog trường|ttcp thủ tướng chính phủ|tthc thủ tục hành chính|ttin thông tin
ttoan thanh toán|ttu thông tư|tuj tụi|txuyen thường xuyên|ubnd ủy ban nhân dân|udung ứng dụng|ungthu ung thư
vaccin vắc xin|vacxin vắc xin|vacxinn vắc xin|vaq vàng|vaxin vắc xin|vb văn bản|vbang văn bằng|vd ví dụ|vde vấn đề
vdu ví dụ|vidu ví dụ|vjet việt|vk vợ|vlxd vật liệu xây dựng|vn việt nam|vp văn phòng|vpham vi phạm|vphat vi phạm
vsao vì sao|vsattp vệ sinh an toàn thực phẩm|vstp vệ sinh thực phẩm|vtm vitamin|vtri vị trí|vxin vắc xin
xg xong|xhoi xã hội|xkld xuất khẩu lao động|xl xử lý|xly xử lý|xn xét nghiệm|xnghiem xét nghiệm|xnk xuất nhập khẩu
xog xong|xoq xong|xphat xử phạt|xug xung|xuog xuống|yte y tế|zai trai|zay vậy|zdi vậy|zi gì|zia về|zk vợ|zo vô|zoi với
zu vụ|zug dùng|zui vui|zzay vậy
ak à|hkd hộ kinh doanh|khng không|mst mã số thuế|nvqs nghĩa vụ quân sự|tpcn thực phẩm chức năng
"""
_MARKED = """
bển bên đó|bịnh bệnh|bít biết|bựa bữa|chừ giờ|dìa về|dzìa về|dô vào|gòi rồi|gởi gửi|hông không|hổng không|hột hạt
hơm không|kiếng kính|lụm nhặt|mần làm|mướn thuê|muỗng thìa|nhơn nhân|nhìu nhiều|nhứt nhất|nỏ không|nớ đó|ổng ông ấy
rứa vậy|rùi rồi|òi rồi|tánh tính|thúi thối|trển trên đó|trỏng trong đó|ngoải ngoài đó|wá quá|xài dùng|xiền tiền
"""


def _table(listed: str) -> dict[str, str]:
    pairs = (entry.partition(" ") for entry in listed.replace("\n", "|").split("|") if entry)
    return {key: meaning for key, _, meaning in pairs}


WRITTEN = _table(_WRITTEN)
"""A key without diacritics, and what it stands for with them."""
TEENCODE = {key: bare(meaning) for key, meaning in WRITTEN.items()} | {"k": "khong"}
"""The same, both without diacritics, and the one letter that hardly ever stands for anything else."""
MARKED = _table(_MARKED)
"""Words written with diacritics that are certain only so; without them they are other words ("binh" is also "bình")."""

LETTERS = {"k": "không", "j": "gì", "z": "vậy", "r": "rồi", "h": "giờ", "v": "vậy"}
"""Single letters that stand for a word unless they name something."""
CLOSING = ("z", "v")
"""Those of them that follow another."""
_BEFORE_A_NAME = """
vitamin nhom loai hang khoi gen type class mr mrs ms dr group lop truong toa lo day block bang chuong phan muc dieu
khoan diem bai tap ky ki lan the quy king mau giai vong cup size co so grade plan section part title generation z
hepatitis chat nuoc doi jay bien seri tuyen cum gan model series
"""
BEFORE_A_NAME = frozenset(_BEFORE_A_NAME.split())
"""The words after which a single letter is a name ("vitamin K", "gen Z", "khối H")."""

_INITIALS = {
    "dz": ("v", "d"),
    "z": ("v", "d", "gi"),
    "f": ("ph",),
    "w": ("qu",),
    "j": ("gi",),
    "k": ("c",),
    "c": ("k",),
}
_FINALS = {"g": ("ng",), "k": ("c", "ch"), "h": ("nh",), "q": ("ng",), "z": ("",)}
_SHORTEST_WITH_I = 3
_NAMES_END = ("ăk", "ắk", "ặk")  # Đắk Lắk, Đăk Nông


def by_rule(word: str) -> str | None:
    """The syllable that a playful spelling stands for ("zậy", "khôg", "thík", "mjnh"); None when no rule gives one.

    A word without diacritics is only read so where it begins with dz or has a j for its i: the rest looks too English.
    """
    if word.isascii():
        if word in FOLDED or not ("j" in word or word.startswith("dz")):
            return None
        spelt = _ascii_by_rule(word)
        return WRITTEN.get(spelt, spelt) if spelt else None
    if is_syllable(word) or word.endswith(_NAMES_END):
        return None
    candidates = [*_respellings(word), *_without_twins(word)]
    return next((one for one in candidates if one != word and is_syllable(one)), None)


def _ascii_by_rule(word: str) -> str | None:
    if word.startswith("dz") and "v" + word[2:] in FOLDED:
        return "v" + word[2:]
    spelt = word[0] + word[1:].replace("j", "i")
    return spelt if len(word) >= _SHORTEST_WITH_I and spelt != word and spelt in FOLDED else None


def _without_twins(word: str) -> list[str]:
    """The word without the second of a letter typed twice, or the plain one of two ("tuổii", "phaải")."""
    plain = bare(word)
    twins = [at for at in range(len(plain) - 1) if len(plain) == len(word) and plain[at] == plain[at + 1]]
    drops = [at if word[at].isascii() and not word[at + 1].isascii() else at + 1 for at in twins]
    return [word[:at] + word[at + 1 :] for at in drops]


def _respellings(word: str) -> list[str]:
    begins = next((one for one in _INITIALS if word.startswith(one)), "")
    fronts = [(0, "")] + [(len(begins), initial) for initial in _INITIALS.get(begins, ())]
    ends = [(word[-1], final) for final in _FINALS.get(word[-1], ())]
    return [
        front + word[cut : len(word) - len(end)] + final
        for (cut, front), (end, final) in product(fronts, [*ends, ("", "")])
    ]
