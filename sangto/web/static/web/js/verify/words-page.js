// The verifier, part 8 of 12: the words of the form, in both languages, for a saved page has no desk to ask.

const WORDS = {
  title: { vi: "Kiểm tra biên nhận hoặc câu trả lời", en: "Check a Receipt or an answer" },
  lede: {
    vi: "Tự mình xem tin hoặc câu trả lời có nằm trong sổ công khai hay không. Việc kiểm tra diễn ra ngay trong trình duyệt; không có gì được gửi đi.",
    en: "See for yourself whether a message or an answer stands in the public log. It is checked in your browser; nothing is sent anywhere.",
  },
  file_field: { vi: "Tệp biên nhận hoặc câu trả lời", en: "File of the Receipt or answer" },
  file_hint: {
    vi: "Chọn tệp hoặc kéo thả vào đây: biên nhận (.tlog-proof) hoặc một phiên bản câu trả lời (như v2.json).",
    en: "Choose a file or drop it here: a Receipt (.tlog-proof) or a version of an answer (such as v2.json).",
  },
  pasted_field: { vi: "Hoặc dán nội dung của tệp", en: "Or paste the text of the file" },
  words_title: { vi: "Chứng minh tin đã viết gì (không bắt buộc)", en: "Prove what the message said (optional)" },
  words_hint: {
    vi: "Tệp nội dung được đưa kèm biên nhận. Nội dung phải giống đến từng ký tự.",
    en: "The file with the text comes with the Receipt. It must be the same to the letter.",
  },
  text_file_field: { vi: "Tệp nội dung của tin", en: "File with the text of the message" },
  text_field: { vi: "Hoặc dán nội dung của tin", en: "Or paste the text of the message" },
  place_field: { vi: "Địa điểm ghi trong tin", en: "Place given with the message" },
  policy_title: { vi: "Tin cậy vào ai", en: "Who is trusted" },
  policy_field: { vi: "Quy tắc tin cậy", en: "Policy" },
  policy_hint: {
    vi: "Quy tắc này ghi khóa của sổ và của các nhân chứng. Bạn có thể thay bằng bản lấy từ nơi khác.",
    en: "This policy names the keys of the log and of the witnesses. You can put in one that you got elsewhere.",
  },
  policy_reset: { vi: "Dùng lại quy tắc của trang này", en: "Back to the policy of this page" },
  verify: { vi: "Kiểm tra", en: "Verify" },
  busy: { vi: "Đang kiểm tra…", en: "Checking…" },
  nothing: { vi: "Hãy chọn một tệp hoặc dán nội dung của tệp.", en: "Choose a file or paste its text." },
  too_many_files: { vi: "Mỗi lần chỉ kiểm tra được một tệp.", en: "Only one file can be checked at a time." },
  save: { vi: "Lưu trang này để kiểm tra khi không có mạng", en: "Save this page, to check offline" },
  from: { vi: "Trang này do {desk} cung cấp: {from}", en: "This page comes from {desk}: {from}" },
  terminal: {
    vi: "Kiểm tra bằng dòng lệnh: python3 verify_desk.py receipt TỆP",
    en: "On the command line: python3 verify_desk.py receipt FILE",
  },
  other_language: { vi: "English", en: "Tiếng Việt" },

  valid: { vi: "Hợp lệ", en: "Valid" },
  invalid: { vi: "Không hợp lệ", en: "Not valid" },
  cannot: { vi: "Chưa kết luận được", en: "Cannot tell" },
  valid_r: { vi: "Tin này đã được ghi vào sổ công khai.", en: "This message was written into the public log." },
  valid_o: {
    vi: "Kết quả xử lý tin này đã được ghi vào sổ công khai.",
    en: "The outcome of this message was written into the public log.",
  },
  valid_answer: {
    vi: "Phiên bản câu trả lời này đúng như sổ công khai đã ghi.",
    en: "This version of the answer is the one in the public log.",
  },
  meaning: {
    vi: "Bản ghi này không thể bị sửa hoặc bỏ khỏi sổ mà không bị phát hiện.",
    en: "This record cannot be changed or dropped from the log without it being visible.",
  },
  words_failed: {
    vi: "Bản thân biên nhận hợp lệ, nhưng nội dung bạn đưa ra không khớp.",
    en: "The Receipt itself is sound, but what you gave with it does not match.",
  },
  checked_title: { vi: "Đã kiểm tra", en: "What was checked" },
  facts_title: { vi: "Bản ghi cho biết", en: "What the record says" },
  rest: { vi: "Các bước tiếp theo chưa được kiểm tra.", en: "What comes after this was not checked." },
};
