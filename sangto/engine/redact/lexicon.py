"""Words by which names and home addresses are known: surnames, titles, words before places. Written for this project."""

SURNAMES = frozenset(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn trịnh mai đinh lâm trương phùng vương tô hà"
    " cao tạ thái lưu châu quách kiều tăng chu lương từ la diệp thạch doãn khuất nghiêm lại ninh đàm ông bạch lục âu sơn kim"
    " tống triệu vi nông hứa giáp đồng chử cù cung mạc văn tôn quan sầm hoa viên mã phí lò giàng vàng sùng thào cầm quàng tòng"
    " hoắc y rcom siu ksor thân trà ân bế ma mông nhan nhữ phó thiều tiêu úc ưng khương khổng cấn đậu hàn".split()
)
COMMON_SURNAMES = frozenset(
    "nguyễn trần lê phạm huỳnh phan võ vũ đặng bùi đỗ ngô trương đinh đoàn hoàng phùng trịnh quách".split()
)
MIDDLES = frozenset(
    "văn thị hữu đức minh ngọc thanh quốc gia thu kim xuân bảo anh đình công quang tuấn hồng thùy thuỳ mỹ như phương trọng khắc"
    " duy bá viết tiến mạnh thế trung thành hoài diệu bích cẩm nhật phúc tấn vĩnh đăng".split()
)
UNMISTAKABLE_SURNAMES = frozenset({"nguyễn", "phạm", "huỳnh"})  # no other word without their diacritics
CERTAIN_MIDDLES = frozenset({"văn", "thị"})
TITLES = frozenset(
    "ông|bà|thằng|con bé|thiếu úy|trung úy|thượng úy|đại úy|thiếu uý|trung uý|thượng uý|đại uý|thiếu tá|trung tá|thượng tá|đại tá|già làng"
    "|anh|chị|em|cô|chú|bác|cậu|dì|thím|cụ|thầy|cháu|bé|bạn|bs|bác sĩ|bác sỹ|gs|ts|pgs|ths|luật sư|đồng chí|đ/c|nạn nhân"
    "|nghi phạm|bị can|bị cáo|đối tượng|chủ tịch|phó chủ tịch|chủ tịch phường|chủ tịch xã|bí thư|giám đốc|phó giám đốc|hiệu trưởng"
    "|hiệu phó|tổ trưởng|trưởng thôn|trưởng bản|trưởng phòng|giáo viên|cô giáo|thầy giáo|ca sĩ|diễn viên|kỹ sư|nghệ sĩ|y tá|tài xế"
    "|cán bộ|công an bắt|chủ nhà|chồng tôi là|vợ tôi là|tên|tên là|tôi tên|tôi là|mình là|em là|con tôi tên"
    "|mr|mrs|ms|miss|dr|prof|professor|sir|madam|mister|named|name is|i am|i'm|landlord|neighbour|neighbor|cc".split(
        "|"
    )
)
SHORT_TITLES = frozenset("bs gs ts pgs ths mr mrs ms dr prof".split())  # may have a dot
WEAK_TITLES = frozenset({"am", "i'm", "bạn", "ban"})  # one capital word behind them is rather something else
NO_NAMES = frozenset(
    "zalo|facebook|tiktok|google|momo|telegram|viber|sim|wifi|internet|covid|tây ban nha|ai cập|bạch long vĩ|bà rịa|bà nà|bà đen|bà chiểu|bà điểm|bà triệu|bà trưng|bà con|ông táo|ông công|ông trời|ông ích|bác hồ|anh quốc|anh em|cô tô"
    "|chú cuội|công an|công ty|công nhân|công chức|ủy ban|uỷ ban|ubnd|hội đồng|việt nam|nhà nước"
    "|hồ chí minh|hồ gươm|hồ tây|hoàng sa|hoàng mai|hoàng anh gia lai|hoàng thành|vũ hán|vũ trụ|lý sơn|mai linh|mai châu"
    "|kim liên|kim đồng|kim long|hà nội|hà nam|hà giang|hà tĩnh|hà đông|hà tiên|hà lan|cao bằng|cao lãnh|lâm đồng|đồng nai"
    "|đồng tháp|thái bình|thái nguyên|thái lan|thái sơn|châu âu|châu á|châu đốc|châu mỹ|châu phi|châu thành|ninh bình|ninh thuận"
    "|đinh mùi|đinh hợi|đinh dậu|đinh sửu|đinh mão|đinh tỵ|giáp thìn|giáp ngọ|giáp tý|giáp thân|giáp tuất|giáp dần|la hán|văn miếu|văn lang|sơn la|sơn tây|sơn trà|tô lịch|trà vinh|trà my|trà lý|cung thiếu|quan họ|kim ngưu|từ sơn|từ liêm"
    "|lương sơn|hoa kỳ|hoa sen|hoa lư|dương kinh|triệu sơn|nông cống|lục nam|lục ngạn|lục bình|lại châu|văn phòng|văn hóa|văn hoá"
    "|kiều hối|lê dân|tạ ơn|thân nhân|quan lạn|kim cương|y tế|phí giao|phó giám|phó chủ|mã số|mã otp|đồng bằng|đồng hới".split(
        "|"
    )
)
FAMOUS = frozenset(
    "nguyễn trãi|lê lợi|lê lai|trần phú|trần hưng đạo|trần nhân tông|trần quang khải|trần quốc toản|trần đại nghĩa|lý thường kiệt"
    "|lý thái tổ|lý tự trọng|lý nam đế|hai bà trưng|ngô quyền|ngô gia tự|đinh tiên hoàng|lê duẩn|lê thánh tôn|lê thánh tông"
    "|lê hồng phong|lê quý đôn|lê văn sỹ|nguyễn huệ|nguyễn du|nguyễn đình chiểu|nguyễn bỉnh khiêm|nguyễn thị minh khai"
    "|nguyễn văn cừ|nguyễn văn linh|nguyễn văn trỗi|nguyễn chí thanh|nguyễn thái học|nguyễn tri phương|nguyễn công trứ"
    "|nguyễn ái quốc|phan bội châu|phan châu trinh|phan chu trinh|phan đình phùng|phạm ngũ lão|phạm văn đồng|phạm ngọc thạch"
    "|võ nguyên giáp|võ thị sáu|võ văn kiệt|võ văn tần|hoàng diệu|hoàng hoa thám|hoàng quốc việt|hoàng văn thụ|bùi thị xuân"
    "|tôn đức thắng|tô hiến thành|cao thắng|hồ xuân hương|hồ tùng mậu|bà huyện thanh quan|an dương vương|vừ a dính".split(
        "|"
    )
)
BEFORE_PLACES = frozenset(
    "đường|phố|phường|quận|xã|thôn|ấp|khóm|cầu|chợ|trường|thpt|thcs|tiểu học|bệnh viện|công viên|đại lộ|quảng trường|sân|nhà hát|giải"
    "|quỹ|tượng|đền|chùa|hầm|ga|bến|bến xe|khu|tòa|toà|đại học|học viện|ngõ|hẻm|ngách|kiệt|tp|thành phố|tỉnh|huyện|thị trấn|thị xã"
    "|ngã tư|ngã ba|ngã năm|ngã sáu|vòng xoay|nút giao|tuyến|công ty|siêu thị|cửa hàng|nhà sách|bảo tàng|di tích|lăng|núi|sông|hồ"
    "|đảo|mầm non|rạp|sân vận động|nhà thờ|khu công nghiệp|kcn|phố đi bộ|tập đoàn|trung tâm|đồn|hải đội|tàu|street|avenue".split(
        "|"
    )
)
ENGLISH_GIVEN = frozenset(
    "james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas"
    " sarah charles karen christopher lisa daniel nancy matthew betty anthony sandra margaret ashley donald kimberly steven emily"
    " paul donna andrew michelle joshua carol kenneth amanda kevin melissa brian deborah george stephanie timothy rebecca laura"
    " ronald sharon jason cynthia edward kathleen jeffrey amy ryan angela jacob shirley gary anna nicholas brenda eric pamela"
    " jonathan emma stephen nicole larry helen justin samantha scott katherine brandon christine benjamin debra samuel rachel"
    " gregory carolyn alexander janet frank maria patrick heather raymond diane jack ruth dennis julie jerry olivia tyler joyce"
    " aaron virginia jose kelly adam christina nathan lauren henry joan peter evelyn zachary judith kyle megan walter andrea alan"
    " simon oliver harry charlotte sophie lucy alice hannah claire jane fiona martin philip graham colin ian neil stuart".split()
)
ENGLISH_AFTER = frozenset(
    "street st road rd avenue ave lane ln drive dr court ct boulevard blvd way place close crescent terrace square park hospital"
    " island islands bank bridge airport school college university church station hall museum market house hotel county city town"
    " river lake mountain bay beach award prize act law foundation company inc ltd corp group vaccine airlines".split()
)
