"""A whole desk as an operator runs it, and the canaries carried in through every door of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import httpx

from tests.channels.stand_in import BotApi
from tests.factories import PASSWORD, TICKS
from tests.hostile.canaries import Aviary
from tests.journeys.conftest import free_port, is_up, wait_until

COMMAND = [sys.executable, "-c", "from sangto.config.cli import main; main()"]
MARKER = "kiemchungdauvet"  # a plain word, which nothing masks: where it is not found, the test does not look
TOPICS = (
    "nước chanh chữa ung thư", "đèn đường hỏng", "phạt nguội qua tin nhắn", "cấp lại căn cước", "trúng thưởng xe máy",
    "cắt điện cuối tuần", "ổ gà trên đường lớn", "tuyển cộng tác viên tại nhà", "hoàn thuế qua liên kết lạ",
    "bán đất nền",
)  # fmt: skip
SOURCE = {"title": "Thông báo", "publisher": "Bộ Y tế", "url": "https://moh.gov.vn/", "dated_on": "2026-11-10"}
numbers = count(1)


@dataclass
class Planted:
    """A running desk: where it is, what it may write to, and what it was given."""

    url: str
    top: Path
    environment: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    aviary: Aviary = field(default_factory=Aviary)

    @property
    def home(self) -> Path:
        return Path(self.environment["SANGTO_HOME"])

    def command(self, *words: str, check: bool = True) -> str:
        """What a command prints; it is written beside the desk's log, as an operator's terminal may be."""
        done = subprocess.run([*COMMAND, *words], env=self.environment, capture_output=True, text=True, check=False)
        with (self.top / "log" / "commands.log").open("a") as log:
            log.write(done.stderr)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def browser(self) -> httpx.Client:
        """A stranger's: behind the proxy, with an address, a program and a page they come from."""
        page = f"https://{self.aviary.words('referrer', 1)[0]}.example/"
        headers = {
            "X-Forwarded-For": self.aviary.addresses(1)[0],
            "User-Agent": self.aviary.words("user agent", 1)[0],
            "Origin": self.url,
            "Referer": page,
        }
        return httpx.Client(base_url=self.url, headers=headers)


def environment_of(top: Path, bot_api: BotApi, *, database: str, token: str, secret: str) -> dict[str, str]:
    for each in ("home", "log", "tmp"):
        (top / each).mkdir()
    port = free_port()
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")},
        "SANGTO_HOME": str(top / "home"),
        "SANGTO_BIND": f"127.0.0.1:{port}",
        "SANGTO_URL": f"http://localhost:{port}",
        "SANGTO_LOG_LEVEL": "DEBUG",
        "SANGTO_WORKER_TICK_MS": "100",
        "SANGTO_TELEGRAM_API": bot_api.url,
        "SANGTO_TELEGRAM_TOKEN": token,
        "SANGTO_TELEGRAM_SECRET": secret,
        "SANGTO_DISK_RESERVE_MB": "1",
        "SANGTO_DISK_BALLAST_MB": "1",
        "TMPDIR": str(top / "tmp"),
        **({"SANGTO_DATABASE_URL": database} if database else {}),
    }


@contextmanager
def running(environment: dict[str, str], top: Path, *, aviary: Aviary) -> Iterator[Planted]:
    """The desk with two members, served with its worker, as loud in its log as it can be."""
    desk = Planted(environment["SANGTO_URL"], top, environment, aviary=aviary)
    desk.command("migrate")
    for name, role in (("lan", "editor"), ("minh", "approver")):
        desk.command("member", "add", name, "--name", name.title(), "--role", role, "--password", PASSWORD)
        desk.tokens[name] = desk.command("token", name, "--approve").strip()
    with (top / "log" / "desk.log").open("wb") as log:
        process = subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: is_up(desk.url), what="the desk", timeout_s=180)
            yield desk
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    assert process.returncode == 0


def texts(secrets: Iterable[str], *, each: int = 2) -> Iterator[str]:
    """Questions with some of these in them."""
    waiting = iter(secrets)
    for at, few in enumerate(iter(lambda: tuple(islice(waiting, each)), ())):
        topic = TOPICS[at % len(TOPICS)]
        yield f"{MARKER} {next(numbers)}: có người báo {topic}, liên hệ {' hoặc '.join(few)} thì có đúng không?"


def through_the_form(desk: Planted, secrets: Sequence[str], *, place: str) -> None:
    for text in texts(secrets, each=3):
        with desk.browser() as browser:
            page = browser.get("/en/").text
            token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            sent = browser.post("/en/ask", data={"text": text, "place": place, "csrfmiddlewaretoken": token})
            assert sent.status_code == 303, sent.text
            desk.followed.append(sent.headers["Location"].rpartition("/")[2])
            assert browser.get(sent.headers["Location"]).status_code == 200


def through_the_api(desk: Planted, secrets: Sequence[str]) -> None:
    for text in texts(secrets, each=3):
        headers = {"Idempotency-Key": desk.aviary.words("idempotency key", 1)[0]}
        with desk.browser() as browser:
            sent = browser.post("/api/v1/messages", json={"text": text, "lang": "vi"}, headers=headers)
            assert sent.status_code == 201, sent.text
            desk.followed.append(sent.json()["follow_url"].rpartition("/")[2])
            browser.get(f"/api/v1/messages/{desk.followed[-1]}")


def through_an_answer(desk: Planted, secrets: Sequence[str]) -> None:
    """What a sender answers when the desk asks back, by the page and by the API; the question holds one as well."""
    lan = {"Authorization": f"Bearer {desk.tokens['lan']}"}
    with desk.browser() as browser:
        for at, secret in enumerate(secrets):
            text = f"{MARKER} {next(numbers)}: đèn đường trước nhà số {at} ở xóm {at} hỏng {at + 2} hôm nay"
            sent = browser.post("/api/v1/messages", json={"text": text, "lang": "vi", "kind": "problem"}).json()
            token = sent["follow_url"].rpartition("/")[2]
            desk.followed.append(token)
            case = browser.get(f"/api/v1/messages/{token}/data").json()["grouping"][-1]["case"]
            asked = {"messages": [sent["number"]], "text": f"{MARKER}: số {secret} có phải của bạn không?"}
            done = browser.post(f"/api/v1/cases/{case}/questions", json=asked, headers=lan)
            assert done.status_code == 200, done.text
            words = f"{MARKER} {next(numbers)}: liên hệ {secret}"
            if at % 2:
                done = browser.post(f"/api/v1/messages/{token}/answer", json={"text": words})
                assert done.status_code == 200, done.text
            else:
                page = browser.get(f"/en/f/{token}").text
                form = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
                done = browser.post(f"/en/f/{token}/answer", data={"text": words, "csrfmiddlewaretoken": form})
                assert done.status_code == 303, done.text


def through_telegram(desk: Planted, secrets: Sequence[str], *, secret: str) -> None:
    people = People(desk.aviary)
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    with httpx.Client(base_url=desk.url, headers=headers) as line:
        for update in (people.update(text) for text in texts(secrets, each=1)):
            assert line.post("/hooks/telegram", json=update).status_code == 200


def through_the_console(desk: Planted, secrets: Sequence[str]) -> None:
    for text in texts(secrets, each=12):
        printed = desk.command("ask", text, "--place", MARKER)
        desk.followed.append(printed.split("follow:")[1].split()[0].rpartition("/")[2])


def through_the_sign_in(desk: Planted, passwords: Sequence[str], names: Sequence[str]) -> None:
    for name, password in zip(names, passwords, strict=True):
        with desk.browser() as browser:
            page = browser.get("/en/staff/sign-in").text
            token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            typed = {"username": name, "password": password, "csrfmiddlewaretoken": token}
            assert browser.post("/en/staff/sign-in", data=typed).status_code == 400
            wrong = {"Authorization": f"Bearer {password}"}
            assert browser.get("/api/v1/cases", headers=wrong).status_code == 401


def through_an_import(desk: Planted, people: Sequence[str], mails: Sequence[str], folder: Path) -> None:
    rows = [
        {"id": str(n), "question": f"{MARKER} {n}: tin này có đúng không", "publisher": "Báo", "verdict": "sai",
         "summary": "Không đúng.", "author": person, "claimant": person, "email": mail, "user": {"name": person}}
        for n, (person, mail) in enumerate(zip(people, mails, strict=True))
    ]  # fmt: skip
    half = len(rows) // 2
    (folder / "answers.jsonl").write_text("\n".join(json.dumps(row) for row in rows[:half]))
    review = [{"@type": "ClaimReview", "claimReviewed": row["question"], "url": f"https://bao.vn/{row['id']}",
               "author": {"@type": "Person", "name": row["author"], "email": row["email"]},
               "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": row["author"]}},
               "publisher": {"@type": "Organization", "name": "Báo"}} for row in rows[half:]]  # fmt: skip
    (folder / "reviews.json").write_text(json.dumps(review))
    desk.command("import", "jsonl", str(folder / "answers.jsonl"))
    desk.command("import", "claimreview", str(folder / "reviews.json"))


def publish_some(desk: Planted, *, count_: int = 3) -> None:
    """Answers to the newest cases, written by one member and approved by the other."""
    lan, minh = ({"Authorization": f"Bearer {desk.tokens[name]}"} for name in ("lan", "minh"))
    ticks = {"ticks": list(TICKS)}
    with httpx.Client(base_url=desk.url) as line:
        cases = line.get("/api/v1/cases", headers=lan).json()["cases"][:count_]
        for case in cases:
            address = f"/api/v1/cases/{case['number']}"
            verdict = "false" if case["kind"] == "claim" else "fixed"
            words = {
                "question": case["question"][:300],
                "summary": f"{MARKER} không đúng.",
                "text": f"{MARKER} giải thích.",
            }
            draft = line.put(f"{address}/draft", headers=lan, json={**words, "verdict": verdict, "sources": [SOURCE]})
            assert draft.status_code == 200, draft.text
            assert line.post(f"{address}/review", headers=lan, json=ticks).status_code == 200
            assert line.post(f"{address}/approval", headers=minh, json=ticks).status_code == 200
    assert len(cases) == count_


def read_everything(desk: Planted) -> bytes:
    """Every public page, feed and file, and what each sender and the staff see."""
    lan = {"Authorization": f"Bearer {desk.tokens['lan']}"}
    with httpx.Client(base_url=desk.url, follow_redirects=True) as line:
        index = line.get("/answers/index.json").json()["versions"]
        answers = {each["answer"] for each in index}
        cases = line.get("/api/v1/cases", headers=lan).json()["cases"]
        paths = ["/", "/en/", "/answers", "/en/answers?q=chanh", "/log", "/feeds/answers.atom", "/robots.txt",
                 "/feeds/claimreview.json", "/feeds/withdrawn.json", "/api/v1/answers", "/answers/index.json",
                 "/log/checkpoint", "/log/policy", "/log/tile/entries/000.p/1", "/api/v1/openapi.json"]  # fmt: skip
        for number in answers:
            paths += [f"/a/{number}", f"/answers/{number}/v1.json", f"/api/v1/answers/{number}"]
        seen = [line.get(path).content for path in paths]
        seen += [line.get(f"/api/v1/cases/{case['number']}", headers=lan).content for case in cases]
        seen += [line.get(f"/en/f/{token}{file}").content for token in desk.followed
                 for file in ("", "/receipt.tlog-proof", "/message.txt")]  # fmt: skip
    return b"\n".join(seen)


class People:
    """Third parties and senders in every field of an update that can name one."""

    def __init__(self, aviary: Aviary) -> None:
        self._aviary = aviary

    def number(self, kind: str = "user id") -> int:
        return self._aviary.chat_ids(kind, 1)[0]

    def name(self) -> str:
        return self._aviary.names("name in a chat", 1)[0]

    def person(self, *, named: bool = True) -> dict[str, object]:
        person: dict[str, object] = {"id": self.number(), "is_bot": False, "language_code": "vi"}
        if named:
            person |= {"first_name": self.name(), "username": self._aviary.words("user name", 1)[0]}
        return person

    def update(self, text: str) -> dict[str, object]:
        """A private message with one more way to name somebody in each turn."""
        n = next(numbers)
        message = {
            "message_id": n,
            "date": 1790000000,
            "chat": {"id": self.number("chat id"), "type": "private", "first_name": self.name()},
            "from": self.person(),
            "text": text,
        }
        third = THIRD_PARTIES[n % len(THIRD_PARTIES)]
        return {"update_id": 880000 + n, "message": {**message, **third(self)}}

    def phone(self) -> str:
        return self._aviary.phones(1)[0]


THIRD_PARTIES = (
    lambda all_: {"forward_origin": {"type": "user", "date": 1, "sender_user": all_.person(named=False)}},
    lambda all_: {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": all_.name()}},
    lambda all_: {"forward_origin": {"type": "channel", "chat": {"id": -all_.number(), "title": all_.name()}}},
    lambda all_: {"contact": {"phone_number": all_.phone(), "first_name": "x", "user_id": all_.number()}},
    lambda all_: {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": all_.person(named=False)}]},
    lambda all_: {"reply_to_message": {"message_id": 1, "from": all_.person(named=False), "text": all_.name()}},
    lambda all_: {"via_bot": all_.person(named=False), "author_signature": all_.name()},
    lambda all_: {"sender_chat": {"id": -all_.number(), "type": "channel"}, "quote": {"text": all_.phone()}},
)
