"""The words that every text of a language has, folded: they tell the language and little else."""

_VIETNAMESE = """
ba ban bao bi biet bo cac cai can cho chua co con cua cung da dang dau day den di do dung duoc duong em gi gia giay hoi
hom khi khong la lai lam len mat minh moi mot nam nao nay ngay nghe nguoi nha nhan nhieu nhu noi nuoc o phai qua ra rang
rat sao se tai tam tat tau thay the theo thi thoi thong tien tin toi tren trong tu tuoi ty uong va van vao vay ve viec
viet vo voi vu xa xin y
"""
_ENGLISH = """
a about after all an and are as at be been by can did do does for from has have he her his how if in is it its just my
near new not of on or our out over people please said she since so than that the their they this to up was we were what
when where which who why will with you your
"""
VIETNAMESE = frozenset(_VIETNAMESE.split())
ENGLISH = frozenset(_ENGLISH.split())

# Not counted as telling: words that carry no topic. Nouns of the lists above stay telling.
_TOPICS = {"giay", "mat", "nam", "nuoc", "nha", "tau", "tien", "tuoi", "uong", "viet", "duong", "xa", "people"}
UNTELLING = (VIETNAMESE | ENGLISH) - _TOPICS

# Words that may come or go without changing what is asked. Not here: words of tense, direction, number or negation.
_FILLERS = """
a ad an and anh are ban bac be been cac cai chau chung co cua did do does duoc em gi hay is it just la minh nao nhe nhi
nhung o of oi please rang really so that the there thi this to toi u va vay ve vi voi was were y
"""
FILLERS = frozenset(_FILLERS.split())
