"""A file is what its content says, as far as its ending allows."""

import io
import zipfile

import pytest

from chatserver.config import Settings
from chatserver.errors import FileType, Invalid
from chatserver.features.uploads.kinds import KINDS, check_endings, identify
from tests.support.uploads import PDF, picture

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
ODF = b"application/vnd.oasis.opendocument."


def archive(*names: str, first: bytes = b"") -> bytes:
    """A zip; `first` is the content of an opening entry `mimetype`, as ODF has it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if first:
            file.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name in names:
            file.writestr(name, b"x" * 100)
    return buffer.getvalue()


def office(folder: str) -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", f"{folder}/main.xml")


GOOD = {
    ".png": picture("PNG"),
    ".jpg": picture("JPEG"),
    ".jpeg": picture("JPEG"),
    ".gif": picture("GIF"),
    ".webp": picture("WEBP"),
    ".pdf": PDF,
    ".txt": "Grüße, 你好\n".encode(),
    ".log": b"\x1b[31merror\x1b[0m\n",
    ".md": b"# Title\n",
    ".csv": "价格,数量\r\n".encode("gb18030"),
    ".docx": office("word"),
    ".xlsx": office("xl"),
    ".pptx": office("ppt"),
    ".odt": archive("content.xml", first=ODF + b"text"),
    ".ods": archive("content.xml", first=ODF + b"spreadsheet"),
    ".odp": archive("content.xml", first=ODF + b"presentation"),
    ".doc": OLE,
    ".xls": OLE,
    ".ppt": OLE,
    ".zip": archive("a.txt"),
    ".mp3": b"\xff\xfb\x90\x64" + b"\0" * 60,
    ".m4a": b"\0\0\0\x18ftypM4A " + b"\0" * 60,
    ".wav": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 60,
    ".ogg": b"OggS" + b"\0" * 60,
    ".mp4": b"\0\0\0\x18ftypisom" + b"\0" * 60,
    ".mov": b"\0\0\0\x14ftypqt  " + b"\0" * 60,
    ".webm": b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm" + b"\0" * 60,
}
# What a virus scanner of old would be handed under another name.
BAD = {
    "a program": b"MZ\x90\0\x03\0\0\0",
    "a program of Linux": b"\x7fELF\x02\x01\x01\0",
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing with scripts": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "nothing known": b"\x01\x02\x03\x04\x05\x06\x07\x08",
    "nothing": b"",
    "a page that ends as a PDF": b"<script>alert(1)</script>" + PDF,
    "a page in front of an archive": b"<script>" + archive("a.txt"),
}
TEXTS = (".txt", ".log", ".md", ".csv")


@pytest.fixture
def told(tmp_path):
    def told_by(content: bytes, ending: str):
        path = tmp_path / "file"
        path.write_bytes(content)
        return identify(path, ending)

    return told_by


def test_every_kind_has_an_example():
    assert GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize("ending", KINDS)
def test_what_is_what_it_says_is_taken(told, ending):
    assert told(GOOD[ending], ending) is KINDS[ending]


@pytest.mark.parametrize("ending", sorted(KINDS.keys() - set(TEXTS)))
@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_is_something_else_is_refused(told, content, ending):
    with pytest.raises(FileType):
        told(content, ending)


@pytest.mark.parametrize("other", [".pdf", ".mp4", ".doc", ".docx", ".zip", ".txt"])
@pytest.mark.parametrize("ending", [".png", ".pdf", ".docx", ".xlsx", ".odt", ".doc", ".mp3"])
def test_one_kind_does_not_pass_as_another(told, other, ending):
    if other == ending:
        return
    with pytest.raises(FileType):
        told(GOOD[other], ending)


@pytest.mark.parametrize("ending", TEXTS)
@pytest.mark.parametrize("content", [b"a\0b", b"\x01", b"MZ\x90\0", picture("PNG"), archive("a")])
def test_a_text_holds_no_bytes_that_are_none(told, ending, content):
    with pytest.raises(FileType):
        told(content, ending)


@pytest.mark.parametrize("content", [b"a" * 200_000 + b"\0", b"a" * 65_535 + b"\x08"])
def test_a_text_is_read_to_its_end(told, content):
    with pytest.raises(FileType):
        told(content, ".txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "latin-1"])
def test_a_text_may_be_in_any_encoding(told, encoding):
    text = "é" * 50_000 if encoding == "latin-1" else "你好\n" * 50_000
    assert told(text.encode(encoding), ".txt").type == "text/plain"


def test_a_picture_under_the_name_of_another_is_still_a_picture(told):
    assert told(GOOD[".webp"], ".jpg") is KINDS[".jpg"]


def test_an_archive_is_looked_at_and_never_opened(told):
    """42 kilobytes that would be gigabytes: only their names are read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in ("[Content_Types].xml", "word/document.xml"):
            with file.open(name, "w") as entry:
                for _ in range(40):
                    entry.write(b"\0" * 1_000_000)
    assert told(buffer.getvalue(), ".docx") is KINDS[".docx"]


def test_a_type_that_cannot_be_told_by_content_is_not_offered():
    assert check_endings(Settings().upload_endings) == KINDS.keys()
    with pytest.raises(Invalid, match=r"\.exe"):
        check_endings([".png", ".exe"])


def test_types_are_written_as_people_write_them():
    endings = Settings(upload_types=".PNG, .pdf,.png  .txt").upload_endings
    assert endings == [".png", ".pdf", ".txt"]
