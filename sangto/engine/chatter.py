"""What people wrap round a question: greetings, "is this true", chain-letter calls. Folded, one phrase a line."""

from collections import defaultdict

_ENGLISH = """
a friend of mine sent me
a friend sent me
a friend sent me this
anyone know if
breaking news
can anyone confirm
can somebody confirm
can someone check
can someone confirm
can you check
can you confirm
can you please check
can you verify
could you check
dear all
does anyone know if
forwarded as received
forwarded many times
good afternoon
good evening
good morning
hello
hi
i got this
i heard that
i received this
i was sent this
is it a fact that
is it correct that
is it real
is it really true
is it really true that
is it right that
is it true
is it true that
is that real
is that right
is that true
is the following true
is this claim true
is this correct
is this fake
is this for real
is this news true
is this real
is this really true
is this right
is this story true
is this true
is this true or fake
is this true or false
just in
just wondering if
my friend sent me
my friend sent me this
my mum sent me this
please check
please check this
please confirm
please forward
please forward this
please share
please share this
please tell me
please verify
pls share
real or fake
share before it is deleted
share it now
share now
share this
share this now
someone sent me
someone sent me this
someone told me that
thank you
thank you very much
thanks
thanks a lot
thanks in advance
they say that
true or false
"""

_VIETNAMESE = """
a
a ban oi
ac oi
ad cho hoi
ad oi
admin cho hoi
admin oi
ai biet khong
anh chi cho hoi
anh chi oi
ban be gui cho em
ban em gui
ban gui cho em
ban toi gui
ban minh gui
ben minh cho em hoi
cac ban cho hoi
cac ban oi
cam on
cam on a
cam on ad
cam on nhieu
canh giac
chao ad
chao admin
chao anh chi
chao moi nguoi
chi oi cho em hoi
chia se gap
chia se ngay
chia se ngay di
chia se ngay cho moi nguoi
cho chau hoi
cho con hoi
cho e hoi
cho em hoi
cho em hoi chut
cho em xin hoi
cho hoi
cho minh hoi
cho minh hoi chut
cho minh xin hoi
cho toi hoi
chuyen tiep nhieu lan
co chinh xac khong
co chuan khong
co dung khong
co dung khong a
co dung khong ad
co dung la
co dung nhu vay khong
co dung su that khong
co dung the khong
co dung vay khong
co nguoi gui
co nguoi gui cho em
co nguoi noi
co nguoi noi la
co nguoi noi rang
co phai khong
co phai la that khong
co phai su that khong
co that khong
co that khong a
co that khong vay
co that khong ad
co that la
co that nhu vay khong
co that vay khong
dung khong
dung khong a
dung khong vay
dung la
dung vay khong
duoc chuyen tiep nhieu lan
em chao
em chao ad
em cam on
em doc duoc tin
em doc thay
em muon hoi
em nghe noi
em nghe noi la
em thay
em thay tren mang
em thay tren facebook
em xin hoi
hay chia se
hay chia se cho moi nguoi
hay chuyen tiep
khan cap
minh nghe noi
minh nhan duoc tin
minh thay tren mang
moi nguoi cho em hoi
moi nguoi cho hoi
moi nguoi oi
moi nguoi chia se
moi nguoi chia se ngay
ngta noi
nghe bao la
nghe don
nghe don la
nghe noi
nghe noi la
nghe noi rang
nguoi ta bao
nguoi ta noi
nguoi ta noi la
nguoi ta noi rang
nho chia se
nho kiem tra
nho kiem tra giup
nho moi nguoi chia se
nho xac minh
oi
phai khong
phai khong a
phai khong vay
that khong
that khong a
that khong ad
that khong vay
that vay khong
thay tren mang
thong tin nay
thong tin nay co dung khong
thong tin nay co chinh xac khong
thong tin tren co dung khong
tin chuan khong
tin nay
tin nay co dung khong
tin nay co that khong
tin nay dung khong
tin nay that khong
tin that hay gia
that hay gia
toi muon hoi
toi nghe noi
toi nghe noi la
vay a
vay ad
vui long kiem tra
xac minh giup
xac minh giup em
xin cam on
xin chao
xin cho hoi
xin hoi
xin kiem tra giup
"""


def _by_first_word() -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in (_ENGLISH + _VIETNAMESE).split("\n"):
        if phrase := tuple(line.split()):
            table[phrase[0]].append(phrase)
    return {first: sorted(set(phrases), key=len, reverse=True) for first, phrases in table.items()}


_PHRASES = _by_first_word()


def _phrase_length(words: list[str], at: int) -> int:
    for phrase in _PHRASES.get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def without_chatter(words: list[str]) -> list[str]:
    """The folded words without the phrases of the table; all of them when nothing else would be left."""
    kept, at = [], 0
    while at < len(words):
        length = _phrase_length(words, at)
        if not length:
            kept.append(words[at])
        at += length or 1
    return kept or words
