"""A file is what its first bytes say."""

import gzip

import pytest

from sangto.engine.file_types import ENDINGS, media_type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
KNOWN = {
    b"%PDF-1.7\n%\xe2\xe3": "application/pdf",
    PNG: "image/png",
    b"\xff\xd8\xff\xe0\0\x10JFIF": "image/jpeg",
    b"RIFF\x10\0\0\0WEBPVP8 ": "image/webp",
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\n": "application/warc",
    gzip.compress(b"WARC/1.1\r\n", mtime=0): "application/warc+gzip",
    b"<!DOCTYPE html><title>x</title>": "text/html",
    b"\xef\xbb\xbf\n  <html lang='vi'>": "text/html",
    b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html xmlns=''>": "text/html",
    b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n": "multipart/related",
    "Thông báo số 12".encode(): "text/plain",
    b"a,b\n1,2\n": "text/plain",
}
REFUSED = {
    "nothing": b"",
    "blank": b" \n\t",
    "a program of Windows": b"MZ\x90\0\x03",
    "a program of Linux": b"\x7fELF\x02\x01\x01",
    "an archive": b"PK\x03\x04\x14\0",
    "a packed file of anything else": gzip.compress(b"<html>", mtime=0),
    "a broken packed file": b"\x1f\x8b" + b"x" * 30,
    "a picture that is a program": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "markup of its own": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    "an animation": b"GIF89a\x01\0\x01\0",
    "a page with a NUL": b"<html>\0",
    "text that is no UTF-8": b"\xff\xfe\xfd abc",
    "control characters": b"abc\x07\x1f",
    "something before a PDF": b"MZ\x90\0%PDF-1.7",
    "a sound": b"RIFF\x10\0\0\0WAVEfmt ",
}


@pytest.mark.parametrize(("data", "kind"), KNOWN.items(), ids=KNOWN.values())
def test_known_kinds_are_told(data, kind):
    assert media_type_of(data) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize("name", REFUSED)
def test_other_kinds_are_refused(name):
    assert media_type_of(REFUSED[name]) is None


def test_a_file_of_two_kinds_is_the_first_of_them():
    assert media_type_of(PNG + b"<html><script>alert(1)</script>") == "image/png"
    assert media_type_of(b"<html>" + PNG) is None
