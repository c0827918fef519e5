"""What people wrap round a question: greetings, "is this true", who sent it, calls to share, thanks.

A pattern a line, longer ones continued on indented lines (`phrases` says how they are written). Vietnamese words stand
with their diacritics and are also found without them, but not with others ("dùng không" is no "đúng không"); after "="
only with them.
"""

from collections.abc import Sequence
from functools import cache

from sangto.engine.folding import bare
from sangto.engine.phrases import Openings, Phrases

_CLASSES = {
    "i": (
        "em|e|mình|tôi|tui|con|cháu|chị|anh|c|a|bác|cô|chú|dì|tao|tớ|bọn em|chúng em|chúng tôi|bọn mình|nhà em|"
        "nhà mình|ad|mọi người|bà con"
    ),
    "you": (
        "(ad|admin|anh|chị|anh chị|bạn|các bạn|mọi người|cả nhà|bà con|bác|các bác|cô|chú|cô chú|các cô chú|em|"
        "cháu|cán bộ|các anh chị|quý cơ quan|quý anh chị|quý đài|đài|ban biên tập|page|mod|ac|các cụ|"
        "bà con cô bác|các mom|các mẹ|mấy anh|mấy chị|mấy bác|mấy bạn|anh em|chị em|cả nhà mình|quý vị|toà soạn|"
        "thầy cô|đồng bào|các bố|cơ quan) (ơi|ạ|à|ui)?"
    ),
    "end": (
        "ạ|=à|=vậy|=thế|nhỉ|nhé|=nha|nghen|=hè|=hả|=hở|=ha|=hen|=ta|=đây|=với|=ơi|luôn|ad|admin|anh|chị|=bạn|"
        "mọi người|cả nhà|bà con|các bạn|anh chị|mấy bác|các bác|cô chú|cán bộ|=bác|=chú|=cô|em|nào|=đó|=trời|"
        "=rứa|vay|a"
    ),
    "news": (
        "(thông tin|tin tức|tin nhắn|tin|bài|bài viết|bài này|clip|video|đoạn clip|cái|chuyện|vụ|việc|điều|"
        "nội dung|hình|ảnh|link)"
    ),
    "where": (
        "(trên|ở|qua|từ|trong|bên) (mạng|mạng xã hội|facebook|tiktok|zalo|youtube|nhóm|group|nhóm zalo|nhóm chat|"
        "báo|fb|in tơ nét|internet|nhóm lớp|nhóm cư dân|nhóm gia đình|nhóm facebook|hội nhóm)"
    ),
    "kin": (
        "bạn|mẹ|má|bố|ba|bà|ông|dì|cô|chú|bác|cậu|anh|chị|em|hàng xóm|đồng nghiệp|người quen|con|thằng bạn|"
        "nhỏ bạn|mấy bà|mấy chị|mấy ông|người nhà|ai đó|có người|người ta|họ|bà nội|bà ngoại|ông nội|ông ngoại|"
        "mẹ chồng|vợ|chồng|cháu"
    ),
    "say": "nói|bảo|kể|đồn|nhắn|khuyên|mách|gửi|chuyển|share|chia sẻ|biểu",
    "check": "check|confirm|verify|fact check|clarify|tell me|let me know|advise",
    "this": "this|that|it|these|this one|this news|this story|this claim|this post|this message|this video|this photo",
    "relative": (
        "friend|mum|mom|mother|dad|father|aunt|uncle|neighbour|neighbor|boss|colleague|coworker|sister|brother|"
        "cousin|grandma|grandmother|grandpa|roommate|landlord|wife|husband|teacher|classmate|friend of mine|"
        "housemate"
    ),
    "group": (
        "(facebook|fb|zalo|whatsapp|tiktok|twitter|telegram|the news|the internet|social media|our group|a group|"
        "my group chat|group chat|the group) (group|chat)?"
    ),
}

_VIETNAMESE = """
<you>? (cho|xin|xin phép|làm ơn cho|vui lòng cho|mong) <i>? (xin|muốn)? hỏi (chút|tí|xíu|cái|câu|một câu|chút xíu|
    thăm)? (là|với|ạ|xem)*
<you>? cho (<i>)? (xin)? hỏi (chút|tí|xíu|cái|một chút|thăm|ngu|ngoài lề)? (là|với|ạ|xem|nhé)*
(<i> (xin|muốn|tính|định|cần)|xin|muốn) hỏi (thăm|xem|là|chút|rõ)?
(ad|admin|mọi người|các bạn|cả nhà|anh chị|bà con|các bác|các anh chị|cô chú|ac|ban biên tập|bạn|anh|chị|cháu|em) ơi
! <you> (mắc|bị|tôi|có) _
^ (=dạ|vâng|alo|=ê|=ơ|=ủa|=ơi|trời ơi|=ôi|=úi|hic|huhu|hế lô|xin chào|chào) (<you>)* (ạ|nhé)?
^ (dạ)? (em|cháu|con|tôi|mình)? (xin)? (chào|kính chào|thân chào) <you>* (ạ|nhé)?
(xin chào|kính chào|thân chào) (<you>)*
^ (kính gửi|kính thưa|thưa) <you>
! hi (sinh|vọng|hữu)
! chào (mừng|hàng|bán|thầu|cờ|đời|giá)
(em|cháu|con|tôi|mình|xin|dạ|chân thành)* (cảm ơn|cám ơn|đa tạ|biết ơn) (<you>|nhiều|trước|rất|lắm|ạ|nhé|nha|nghen|vì
    đã đọc|đã trả lời|em|mình)*
^ (trân trọng|thân mến|thân ái|kính thư|kính mến|xin hết|hết|thân)* (cảm ơn|kính chào)? $
(ai|mọi người|anh chị|có ai|bạn nào|ai đó) (biết|rành|rõ|hiểu) (về)? (<news> (này|đó))? (chỉ|giải thích|trả lời|xác
    nhận|nói|tư vấn|thì)* (cho)? <i>? (biết|với|giúp|ạ|không|hông|nhé)*
có ai (biết|rành|rõ) (không|gì)?
(giải đáp|trả lời|tư vấn|kiểm tra|xác minh|xác nhận|check|chỉ|giúp|kiểm chứng|giải thích|phân tích|xem) (giúp|hộ|giùm|
    dùm|cho) (<i>)? (với|nhé|nha|ạ|được không|biết|cái|phát)*
(nhờ|mong|xin|phiền|làm ơn|vui lòng|xin vui lòng) (<you>)? (kiểm tra|xác minh|xác nhận|giải đáp|trả lời|tư vấn|kiểm
    chứng|check|giúp đỡ|giải thích|chỉ|giúp) (giúp|hộ|giùm|cho|lại)* (<i>)? (với|nhé|ạ|<news> này)*
^ (có)? (đúng|thật|phải|chính xác|thiệt|thực) (là|không)? $
(có)? (đúng|thật|phải|thiệt|chính xác|chuẩn|xác thực|đáng tin|tin được|sự thật|thực|uy tín) (vậy|thế|sự|như vậy|như
    thế|sự thật|là|là thật|rứa|hay sao|nữa|như lời đồn)? không <end>* $
có (đúng|thật|phải|chính xác|thiệt) (vậy|thế|sự|như vậy|như thế|sự thật|là thật|rứa)? không <end>*
(<news>)? (này|=đó|trên|=vậy|kia|=ấy) (là)? (có)? (đúng|thật|thiệt|chính xác|chuẩn|sự thật|=giả) (vậy|thế|sự|là|là
    giả)? (hay giả|hay không|hay sai|không)? <end>*
<news> (này|trên đây|dưới đây|bên dưới|đang lan truyền)
(có)? (đúng|thật|phải|thiệt|thực) (hay|hoặc) (không|sai|giả|bịa|tin giả|đùa) (phải)? <end>*
(tin)? (thật|đúng|thực) (hay)? (giả|sai|hư) (vậy|thế|ra sao|thế nào|thế nào|như thế nào|về|của|việc|là)* <end>*
thực hư (ra sao|thế nào|như thế nào|chuyện|việc|thông tin|vụ)?
^ (có)? phải chăng
^ (liệu|hay)? (có phải|phải chăng|có thật|có đúng|có chuyện|thật sự|liệu có phải|phải) (là|rằng|sự thật)? (có)? $
(có)? (đúng|thật|thiệt) là
! (có|là) thật là _
^ (liệu)? (có phải|có thật|có đúng|có thiệt|phải chăng|liệu rằng|liệu) (là|rằng)?
(có|được|đúng|phải|à|thật|thiệt)* không <end>* $
hay (là)? không <end>* $
hay (là)? chưa <end>* $
(phải|đúng|thật|thiệt) không <end>*
(đúng|phải|thật|thiệt) (vậy|thế|rứa) (không|hả|à|ạ) <end>*
có (nên)? tin (được)? (không)? <end>*
tin được (không)? <end>* $
(=ạ|a|=nhỉ|nhé|=hả|=vậy|=nghen|=ơi)* (=ạ|=nhỉ|nhé|=hả|=vậy|=nghen|=ơi|=với|=đây|a) $
(nghe|thấy|đọc|xem|đọc được|thấy có|nghe thấy|nghe được|coi) (được)? (<kin>)? (nói|đồn|bảo|kể|tin|đăng|share|chia sẻ|
    viết|phong thanh|phong phanh|lan truyền) (tin|là|rằng|bảo|nói|nhau|ầm ầm|quá trời|nhiều|với nhau)*
^ (<i>|mới|vừa|hay|đang|lại) (mới|có|vừa|hay|đang|lại|cũng|thì)* (nghe|thấy|đọc được|xem được|lướt thấy|nhận được|
    lướt|được biết|coi) (tin|tin nhắn|thông tin|bài|clip|video|cái clip|một clip|cái tin|<news>)* (này)? <where>?
    (thấy|nói|bảo|đăng|là|rằng|ghi|kêu)*
(<i>) (mới|có|vừa|hay|đang)* (nghe|thấy|đọc được|xem được|lướt thấy|nhận được) (tin|tin nhắn|thông tin|bài|clip|
    video)* <where> (thấy|nói|bảo|đăng|là|rằng|ghi)*
(thấy|đọc|xem|nghe|coi|lan truyền|đồn|nói|chia sẻ|đăng|lướt) (nhiều|đầy|ầm ầm|tin|rần rần)? <where> (có)? (nói|bảo|
    đăng|là|rằng|đồn|ghi|kêu|chia sẻ|share)*
có (người|ai|ai đó) (nói|bảo|đồn|kể) (cho|với)? <i>? (là|rằng|tin|này|tin này)*
(có|nghe)? (người|ai|ai đó|người ta) (gửi|nhắn|chuyển) cho <i> (là|rằng|tin|này|tin này)*
(<kin>) (của)? <i>? (vừa|mới|hay|cứ)* (gửi|nhắn|share|forward) (cho <i>|tin này|tin|bài này|cái này|vào nhóm|cho)
    (<i>|tin này|tin|bài này|cái này|nhóm)* (là|rằng|bảo|nói)*
(nghe)? người ta (nói|bảo|đồn|kể|kêu) (là|rằng)?
^ (<kin>) (của)? (<i>)? (vừa|mới|hay|cứ|lại)* (nói|bảo|kể|khăng khăng) (với|cho)? <i>? (là|rằng)
(hãy|xin|nhớ|vui lòng|nhờ|cả nhà|mọi người)* (gửi|nhắn|truyền) (ngay|tiếp|tin này)* (cho|đến|tới|với) (#|nhiều|mọi|tất
    cả|hết|ít nhất)* (người|người bạn|bạn bè|bạn|nhóm|người thân|gia đình|nhóm khác|mọi người|họ hàng) (và|khác|cùng|
    biết|để|nhé|nha|nghen|=ạ|bạn bè|người thân|gia đình|ngay)*
(hãy|xin|vui lòng|nhớ|mong|nhờ|đề nghị|làm ơn|mọi người|cả nhà|ai|bà con|các bạn|cùng|hãy cùng|nên|bấm|cho)* (chia sẻ|
    share|chuyển tiếp|lan truyền|lan tỏa|phát tán|forward) (ngay|gấp|nhanh|tin|tin này|bài này|này|tin nhắn này|rộng
    rãi|tiếp|lại|đi|liền|thông tin này|giúp)* (cho|đến|tới|với|vào|để)? (#|nhiều|mọi|tất cả|hết|các|những|cả|ít nhất|
    toàn bộ)* (người|người bạn|bạn bè|bạn|nhóm|người thân|gia đình|nhau|nhóm khác|nhóm chat|bà con|mọi người|người
    khác|người quen|cả nhà|họ hàng|hàng xóm|con em) (và|cùng|để|đều|trong|cần|được|ai|cũng|biết|tránh|nhau|bạn bè|
    người thân|gia đình|mọi người|danh bạ|phòng tránh|cảnh giác|ngay|nhé|nha|nghen|nghe|đi|ạ|đề phòng|này)*
(hãy|xin|nhớ|vui lòng|mọi người|cả nhà|ai đọc|bà con|các bạn)* (chia sẻ|share|chuyển tiếp|lan truyền|lan tỏa) (ngay|
    gấp|nhanh|tin này|bài này|rộng rãi|đi|liền|giúp|mạnh|khẩn cấp|nha|nhé|tiếp)* $
(hãy|xin|nhớ|vui lòng|mọi người|cả nhà)* (chia sẻ|chuyển tiếp|lan truyền) (ngay|gấp|rộng rãi|tin này|bài này) (đi|nhé|
    nha|liền)?
gửi (tiếp)? # (nhóm|người|bạn) (khác)? (nhé|nha|ngay)?
(đã)? (được)? chuyển tiếp nhiều lần
^ (đã|được)* chuyển tiếp (từ _)? $
^ (tin nhắn)? (đã|được)? (chuyển tiếp|forward|forwarded|fwd|fw|re) (message|as received|many times)?
(gửi|đăng|lấy|nguồn|copy) (từ|trong|ở|bên) (nhóm|group) (zalo|facebook|fb|chat|lớp|gia đình|cư dân)?
(sưu tầm|nguồn) (từ|trên|internet|fb|facebook|zalo|mạng)* $
(trước khi|kẻo|không là|để lâu là|sắp|chuẩn bị|coi chừng) (bài|tin|tin này|bài này|video|clip)? (bị)? (xóa|gỡ|mất)
    (bài|mất|đi|ngay|tin|liền)*
^ (nóng|khẩn|khẩn cấp|tin nóng|tin khẩn|cảnh báo|cảnh báo khẩn|thông báo khẩn|hot|hot news|sốc|gấp|chú ý|lưu ý|quan
    trọng|cảnh giác|rất quan trọng|tin mới|nóng hổi|thông báo|tin vui|tin buồn|tin sốc|cực nóng|cảnh báo gấp)* $
(ai|bạn nào|người nào|nhà nào) (chưa biết|không biết|chưa đọc|đọc được|đọc xong|thấy|thương|còn|nhận được)? (tin này|
    bài này|thì|hãy|nhớ)* (chia sẻ|share|chuyển tiếp) (ngay|gấp|cho)* (gia đình|bạn bè|mọi người|nhau|người thân)*
(đừng|không) (giữ|để) (cho)? riêng (mình|ai)?
(đừng|không) (im lặng|bỏ qua|lướt qua|thờ ơ)
(em|mình|tôi|con|cháu|e) (hoang mang|lo|lo lắng|sợ|phân vân|thắc mắc|băn khoăn|rối|lo quá|sợ quá) (quá|lắm|không biết|
    ghê|ạ)* $
(không biết|chẳng biết|chả biết|chưa rõ|không rõ) (có|là)? (đúng|thật|thiệt|phải|chính xác|thực hư) (không|hay không|
    hay sai|thế nào)? <end>*
^ (không biết|không rõ|chả biết|hổng biết|chẳng hay) (là|có phải|thì)?
(theo|nghe) (thông tin|nguồn tin) (trên mạng|từ mạng xã hội)?
(thì)? (đúng|phải) (chứ|hả|à|nhỉ|hông) <end>* $
! (vitamin|cúm|khối|loại|hạng|nhóm|gan|viêm gan|lớp|giải|hepatitis|type|hemophilia|điểm|bằng|cấp|block|tòa|toà|lô|quốc
    lộ|apt) (a|c|e)
! số khẩn cấp
! tình trạng khẩn cấp
! (tôn|kính) trọng
! cảnh giác với
! (anh|chị|cô|chú|bác) em
! (hay|có) không có
! (người|nước|nhà|hàng|đồ|loại|kiểu|cái|chỗ|ngày|năm|tháng|lúc|hồi) (đó|đây|ta|nào)
! (chúng|người|đàn|ổ|quê|dân|nước) ta
! (như) (vậy|thế)
! (trả|thay|đổi|nhân|vì|cụ|tương|lợi|ưu) thế
! (thẻ|bà|con|tiền|lì xì) cháu
(=vậy|=ạ|=thế|=với|=nha|nhé|không|luôn|=hả|=hở|=à) (=vậy|=ạ|=thế|=với|=nha|nhé|=hả|=à)* (ad|admin|mọi người|cả nhà|
    bà con|các bạn|mấy bác|các bác|anh chị|mấy anh|mấy chị|bác sĩ|cán bộ|cô chú) (=ơi|=với|=ạ)* $
"""

_ENGLISH = """
^ (hi|hello|hey|good (morning|afternoon|evening|day)|greetings) (there|all|everyone|team|guys|sir|madam|admin|ad|
    folks|friends|again|and)*
dear (all|admin|sir|team|everyone|friends|madam|sir or madam|editors|desk)
! (say|says|said) (hello|hi) _
! (hello|hey) (kitty|barbie|neighbor|siri|google|jude)
! (thanks|thank) (to|god|your)
(thank you|thanks|many thanks|thx|cheers) (so much|very much|a lot|in advance|for your help|guys|everyone|again|for
    any help|for checking)* $
(thank you|thanks) (so much|very much|a lot|in advance|for your help)
^ (kind|best|warm)? regards $
sent from my (iphone|android|phone|ipad|samsung|samsung galaxy)
(fwd|fw) $
^ (fwd|fw|re)
forwarded (as received|many times|message)
(i was|i am|im|ive been|i just)? (just)? wondering (if|whether)
(does|do|can|could|would|will)? (anyone|anybody|someone|somebody) (here|please|out there)* (know|knows|confirm|verify|
    check|tell me|explain) (if|whether|that|about|this|is it true|for me|please)*
(can|could|would|will) (you|u|someone) (guys)? (please|pls|kindly)? (help)? (me|us)? (to)? <check> (if|whether|that|
    this|for me|please|is true)*
(please|pls|plz|kindly) (help me)? <check> (if|whether|that|this|for me|it)*
(is|was) it (really|actually|indeed|even)? (true|correct|right|real|a fact|the case|accurate|legit) (or (false|fake|
    not))? (that|if)?
^ (is|are|was) <this> (really|actually|even)? (true|correct|right|real|fake|false|legit|for real|accurate|a hoax|a
    scam|fake news|authentic|genuine) (or (false|fake|not|real|a hoax|legit))? $
^ (is|are|was) <this> (really|actually|even)? (true|correct|legit) (that)?
(is|are|was) (this|that|it) (really|actually|even)? (true|correct|right|real|fake|legit|for real|accurate|a hoax|true
    or false|real or fake|true or fake|the truth) (or (false|fake|not|real|a hoax))? $
(is|are|was) (this|that|it) (really|actually|even)? (true|correct) (that)?
is the following (true|correct|real|right)
is there any truth (to|in|that|behind)* (this|the claim that|the claim|the rumour that|the rumor that|the rumour|the
    rumor)?
^ (did|do) you know (that|about this)? (this)?
(true|real) or (false|fake|not)
(fact or fiction|fake or real|fake news or (real|true))
^ (so|ok|okay|well|um|hmm)? (i|we) (just|also|recently|have|keep|kept|already)* (heard|saw|read|got|received|seen|
    hear|was told) (this|that|a (message|post|video|news|rumour|rumor|clip)|about this|it|people (say|saying)|someone
    (say|saying)|on|from|in|<group>|saying|claiming|which|says) (this|that|a (message|post|video|news|rumour|rumor|
    clip)|about this|it|people (say|saying)|someone (say|saying)|on|from|in|<group>|saying|claiming|which|says)*
(i|we) (just)? (heard|read|was told|got told|saw) (that|somewhere that|people say|someone say|on <group> that|on
    <group>)
(i|we) (got|received|was sent|were sent|got sent) (this|this message|a message|this video|this photo|a message saying)
(my|a|an|our|one of my) (vietnamese|old|best|good)? <relative> (just|keeps|kept|has|have)* (sent|forwarded|told|
    shared|shared with|send|says|said|insists|swears|claims|telling|sending|showed|messaged|whatsapped) (me|us) (this|
    that|a message|it|on <group>|saying|says)*
(my|our) (vietnamese|old|best|good)? <relative> (just|keeps|has)* (says|said|insists|swears|claims|sent|shared|told)
    (this|that|on <group>)*
(someone|somebody|people|they|everyone|many people|some people) (just)? (sent|forwarded|told|tell|say|says|said|are
    saying|is saying|keep saying|is sharing|are sharing|shared) (me|us)? (this|that)
they say
^ (breaking|breaking news|urgent|important|warning|attention|alert|just in|must read|must watch|please read|update) $
^ (breaking news|just in)
^ (please|pls|plz|kindly|everyone|now|do|must)* (share|forward|spread|pass|repost|retweet|rt) (this|it|the word|this
    on|it on|around|this message|this post|now|immediately|widely|asap|far and wide|please|before (it|this) (is|gets)
    (deleted|removed|taken down)) (this|it|the word|this on|it on|around|this message|this post|now|immediately|
    widely|asap|far and wide|please|before (it|this) (is|gets) (deleted|removed|taken down))* (to|with)? (#|all|
    everyone|everybody|your|at least|as many|as possible|people|friends|family|and|groups|contacts|loved ones|others|
    you|know|in|on|whatsapp|facebook|love|care about)* $
(please|pls|plz|kindly) (share|forward|spread|repost|retweet|rt) (this|it|the word|now|widely|with|to|everyone|all|
    your|friends|family|and)*
^ (share|forward) (this|now|it) (now|with everyone|to everyone|to (#|all|your) (people|friends|groups|contacts)|
    immediately|widely)?
(share|send|forward) (this|it)? to (at least)? # (people|friends|groups|contacts) (or|now)?
share before it is deleted
^ (please|pls|plz|kindly)* (share|forward|send) (this|it)? (to|with) (at least)? (#|all|your|everyone)
    (of|your|#|people|friends|family|groups|contacts|and|everyone|now)* $
(before|until) (it|they) (is|gets|get) (deleted|removed|taken down)
(what do you think|any thoughts|your thoughts|any idea|any ideas|asking for a friend|just asking|sounds fake|seems
    fake|looks fake)
(not sure|wondering|want to know|wanted to ask|id like to know|i want to ask|i would like to ask|need to know|curious)
    (if|whether) (it is|its|this is)? (true|real)? (that)?
(quick|dumb|stupid|silly|simple) question
"""


def _spellings(word: str) -> set[str]:
    return {word[1:]} if word.startswith("=") else {word, bare(word)}


@cache
def _phrases() -> Phrases:
    patterns = (_ENGLISH + _VIETNAMESE).replace("\n    ", " ").split("\n")
    return Phrases([pattern for pattern in patterns if pattern], classes=_CLASSES, spellings=_spellings)


@cache
def openings() -> Openings:
    """Which words can begin wrapping."""
    return _phrases().openings()


def is_chatter(keys: Sequence[str], *, ends: frozenset[int]) -> list[bool]:
    """Whether each word, given as its `tokens.key`, is wrapping. `ends`: after how many words a sentence ends."""
    return _phrases().chosen(keys, ends=ends)
