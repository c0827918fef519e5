"""The words and phrases that grouping in bulk treats in a way of their own, all folded."""

import re
from functools import lru_cache

from sangto.engine.frequent import UNTELLING as FREQUENT
from sangto.engine.teencode import TEENCODE

_CONTRACTED = "do does did is are was were has have had should would could must need ca wo"
_LONG_FORM = {"ca": "can", "wo": "will"}
_NUMBER_WORDS = """
mot hai ba bon nam sau bay tam chin muoi tram nghin ngan van trieu ty ti
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety
hundred thousand million billion trillion first second third half double
"""
_CONTRARY = """
before after up over out off more less all never only new old last next
truoc sau tren duoi tang giam len xuong ra vao
"""
_WRAPPING = """
a friend of mine sent me this|a friend sent me|a friend sent me this|anyone know if|breaking|breaking news
can anyone confirm|can anyone confirm this|can somebody confirm|can someone check|can someone confirm|can you check
can you confirm|can you please check|could you check|dear all|does anyone know if|forwarded as received
forwarded many times|good afternoon|good evening|good morning|hello|hello everyone|hi|hi all|hi there|i heard that
i received this|i saw this on facebook|i was sent this|is it real|is it really true|is it really true that|is it true
is it true that|is that right|is that true|is this correct|is this fake|is this for real|is this news true|is this real
is this really true|is this right|is this true|is this true or fake|is this true or false|just in
my friend sent me this|please|please advise|please check|please check this|please confirm|please forward
please forward this|please help|please share|please share this|please tell me|please verify|pls|pls share|real or fake
share before it is deleted|share it now|share now|share this|share this now|someone sent me|someone sent me this
someone told me that|thank you|thank you very much|thanks|thanks a lot|thanks in advance|they say that|true or false
ac oi|ad cho hoi|ad oi|admin cho hoi|admin oi|ai biet khong|anh chi cho hoi|anh chi oi|ban be gui cho em
ban gui cho em|cac ban cho hoi|cac ban oi|cam on|cam on a|cam on ad|cam on nhieu|canh giac|chao ad|chao admin
chao anh chi|chao moi nguoi|chia se gap|chia se ngay|chia se ngay cho moi nguoi|cho em hoi|cho em hoi chut
cho em xin hoi
cho hoi|cho minh hoi|cho minh hoi chut|cho minh xin hoi|cho toi hoi|chuyen tiep nhieu lan|co chinh xac khong
co chuan khong|co dung khong|co dung nhu vay khong|co dung su that khong|co dung the khong|co dung vay khong
co nguoi gui cho em|co nguoi noi|co nguoi noi la|co phai khong|co phai la that khong|co phai su that khong|co that khong
co that khong vay|co that vay khong|dung khong|dung khong vay|dung vay khong|duoc chuyen tiep nhieu lan|em cam on
em chao ad
em doc thay|em muon hoi|em nghe noi|em nghe noi la|em thay tren mang|em thay tren facebook|em xin hoi|hay chia se
hay chia se cho moi nguoi|hay chuyen tiep|khan cap|minh nghe noi|minh nhan duoc tin|minh thay tren mang
moi nguoi cho em hoi|moi nguoi cho hoi|moi nguoi chia se|moi nguoi chia se ngay|moi nguoi oi|nghe don la|nghe noi
nghe noi la|nghe noi rang|nguoi ta bao|nguoi ta noi|nguoi ta noi la|nho kiem tra giup|nho xac minh|oi
phai khong|phai khong vay|that hay gia|that khong|that khong vay|that vay khong|thay tren mang
thong tin nay co chinh xac khong|thong tin nay co dung khong|thong tin tren co dung khong|tin chuan khong
tin nay co dung khong|tin nay co that khong|tin nay dung khong|tin nay that khong|tin that hay gia|toi muon hoi
toi nghe noi|toi nghe noi la|vui long kiem tra|xac minh giup|xac minh giup em|xin cam on|xin chao
xin cho hoi|xin hoi|xin kiem tra giup
"""

WRAPPING = tuple(
    tuple(phrase.split()) for line in _WRAPPING.split("\n") for phrase in line.split("|") if phrase.strip()
)
_PARTICLES = [
    "a",
    "ad",
    "admin",
    "vay",
    "nhi",
    "ha",
    "oi",
    "em",
    "anh",
    "chi",
    "ban",
    "moi",
    "nguoi",
    "nhe",
    "nha",
    "nua",
]
WRAPPING_BEHIND = (*WRAPPING, *((word,) for word in _PARTICLES))
"""The phrases, and the words that say nothing at the end of a question."""

# Three of one letter are read as one, so a key that has them is never met.
_SMS = {key: text for key, text in TEENCODE.items() if re.fullmatch("[a-z]+", key) and not re.search(r"(.)\1\1", key)}
EXPANDED = _SMS | {f"{word}nt": f"{_LONG_FORM.get(word, word)} not" for word in _CONTRACTED.split()} | {
    "cannot": "can not",
}  # fmt: skip
"""What stands for what, one word to one or several: SMS spellings and contractions."""

SCALES = {"k": "nghin", "tr": "trieu", "ty": "ty", "ti": "ty", "m": "million", "bn": "billion"}
"""What a letter or two behind a number stands for."""

NEGATING = frozenset(
    ["khong", "chua", "chang", "dung", "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without"]
)
"""Words that deny, or may: without diacritics "chua" is also to cure and "dung" also to use."""

QUESTION_TAGS = frozenset(("khong", "chua"))
"""Negating words that only ask when they come last, or last before a question mark."""

NUMBER_WORDS = frozenset(_NUMBER_WORDS.split())
UNTELLING = FREQUENT - NUMBER_WORDS - NEGATING - frozenset(_CONTRARY.split())
"""Frequent words that say nothing about the matter, so that one in place of another changes nothing."""


@lru_cache(maxsize=1)
def all_words() -> tuple[str, ...]:
    """Every word of the lists, each once, in one fixed order."""
    phrases = (word for phrase in WRAPPING_BEHIND for word in phrase)
    spelled = (word for text in EXPANDED.values() for word in text.split())
    found = (*EXPANDED, *spelled, *phrases, *SCALES, *SCALES.values(), *sorted(NEGATING | NUMBER_WORDS | UNTELLING))
    return tuple(dict.fromkeys(found))
