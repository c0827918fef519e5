"""Whether a message asks for something to be checked or for something to be fixed."""

import re
from typing import Literal

from sangto.engine.text import fold

# A weight, then the cues that carry it: folded whole words, Vietnamese and English, as alternatives of a pattern.
_PROBLEM_CUES = {
    3: r"""
    o ga|o voi|den duong|den cao ap|cot dien|day dien|nap cong|mieng cong|bai rac|do rac|xa rac|dot rac|rac thai|don rac
    |ngap nuoc|ngap ung|ngap lut|bi ngap|bi tac|tac cong|thoat nuoc|vo ong|ong nuoc|ro ri|mat nuoc|mat dien|cup nuoc
    |cup dien|sut lun|sat lo|via he|long duong|lan chiem|tieng on|on ao|karaoke|mui hoi|hoi thoi|boc mui|khoi bui
    |den giao thong|den tin hieu|bien bao|cay do|cay gay|cay xanh|xay trai phep|xay dung trai phep|xe qua tai|nuoc thai
    |ho so cua|ket qua ho so|giai quyet ho so|nop ho so|cham tra|qua han|mot cua|so do|phan anh|kien nghi|de nghi xu ly
    |mong som|mong co quan|de nghi co quan|xuong cap|hu hong|khong sang|bi hong|chua sua|chua duoc cap|chua ai den
    |potholes?|street ?lights?|street lamps?|traffic lights?|rubbish|garbage|trash|fly tipping|illegal dumping|litter
    |flood(?:ed|ing|s)|leak(?:s|ing)?|burst pipes?|water main|sewage|sewer|manhole|drains?|graffiti|nois[ey]|loud music
    |abandoned (?:car|vehicle)|broken|pavement|sidewalk|overflowing|not working|does(?:n't| not) work|power cut
    |fallen tree|still waiting for
    """,
    2: r"""
    rac|hong|den|ngap|nut|be nuoc|bui|o nhiem|nuoc ban|nuoc duc|ho so|giay to|thu tuc|can bo|tru so|xu ly|sua chua
    |sua giup|khac phuc|do xe|dau xe|tha rong|xin cap|chua nhan duoc|fix(?:ed)?|repair(?:ed)?|clean(?:ed)? up|pick up
    |collected|dumped|smell|stench|parking|permit|paperwork|application|no water|no power|no electricity|delayed|overdue
    |blocked|clogged|stray dogs?|lights? (?:is|are) out|cracked|dangerous
    """,
    1: r"""
    duong|hem|ngo|ngach|khu pho|to dan pho|thon|xom|ap|truoc nha|gan nha|so nha|nga tu|nga ba|may ngay nay|may tuan nay
    |ca tuan nay|ca thang nay|nhieu lan|street|road|avenue|corner|block|in front of|near my|our street|my house
    |for (?:weeks|days|months)|since last
    """,
}
_CLAIM_CUES = {
    4: r"""
    co dung khong|co that khong|dung khong|that khong|phai khong|tin gia|tin don|lua dao|co that la|su that|is it true
    |is this true|is that true|is this real|fake news|hoax|true or false|real or fake|fact check
    """,
    2: r"""
    nghe noi|nghe don|don rang|tren mang|chia se|facebook|tiktok|zalo|video|clip|buc anh|hinh anh|bac si|chua khoi
    |chua duoc ung thu|vac xin|vaccines?|ung thu|covid|tong thong|chinh phu|nghien cuu|bo y te|bo giao duc|se bi phat
    |mien phi|sap nhap|photo|picture|viral|claims?|said|says|president|government|study|cures?|scientists|according to
    """,
}


def _weighed(cues: dict[int, str]) -> list[tuple[int, re.Pattern[str]]]:
    joined = {weight: re.sub(r"\n\s*", "", listed.strip()) for weight, listed in cues.items()}
    return [(weight, re.compile(rf"\b(?:{alternatives})\b")) for weight, alternatives in joined.items()]


_PROBLEM, _CLAIM = _weighed(_PROBLEM_CUES), _weighed(_CLAIM_CUES)
_READ_CHARACTERS = 2000
_ENOUGH = 3


def _weight(folded: str, *, cues: list[tuple[int, re.Pattern[str]]]) -> int:
    return sum(weight * len(set(pattern.findall(folded))) for weight, pattern in cues)


def guess_kind(text: str) -> Literal["claim", "problem"]:
    """Whether the first 2,000 characters ask more for a fix ("problem") than for a check; else "claim"."""
    folded = fold(text[:_READ_CHARACTERS])
    problem = _weight(folded, cues=_PROBLEM)
    return "problem" if problem >= _ENOUGH and problem > _weight(folded, cues=_CLAIM) else "claim"
