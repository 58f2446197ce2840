"""What files may be called, and how browsers are told."""

import unicodedata
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import Invalid
from chatserver.features.uploads.naming import (
    NAME_CHARS,
    disposition,
    ending_of,
    plain_name,
    read_name,
    with_ending,
)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("cup.png", "cup.png"),
        ("茶 cup.PNG", "茶 cup.PNG"),
        ("../../etc/passwd", "passwd"),
        ("/etc/shadow.txt", "shadow.txt"),
        ("C:\\Users\\vera\\cup.png", "cup.png"),
        ("\\\\server\\share\\cup.png", "cup.png"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (" \t", "file"),
        (".htaccess", "htaccess"),
        (".png", "png"),
        ("cup.png\0.exe", "cup.png.exe"),
        ("cup.exe\0", "cup.exe"),
        ("a\r\nSet-Cookie: x=1.png", "a Set-Cookie_ x=1.png"),
        ("gpj.\u202eexe.png", "gpj.exe.png"),
        ("a\u200b\u2066\ufeffb.png", "ab.png"),
        ("cup.png. . .", "cup.png"),
        ("cup.php.png", "cup.php.png"),
        ('a"b<c>d|e?f*g:h%i.png', "a_b_c_d_e_f_g_h_i.png"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("e\u0301.png", "é.png"),
        ("a   b.png", "a b.png"),
    ],
)
def test_a_name_is_made_plain(name, plain):
    assert plain_name(name) == plain


@given(st.text(max_size=400))
def test_no_name_does_harm(name):
    plain = plain_name(name)
    assert 0 < len(plain) <= NAME_CHARS + 1
    assert plain == plain.strip(" .")
    assert not set(plain) & set('/\\<>:"|?*%')
    assert not any(unicodedata.category(char)[0] == "C" for char in plain)
    for way in ("inline", "attachment"):
        header = disposition(plain, way=way)
        assert header.isascii()
        assert header.isprintable()
        assert header.count('"') == 2


@given(st.text(max_size=400))
def test_a_plain_name_is_plain(name):
    assert plain_name(plain_name(name)) == plain_name(name)


def test_a_long_name_keeps_its_ending():
    assert plain_name("茶" * 300 + ".jpeg") == "茶" * (NAME_CHARS - 5) + ".jpeg"
    assert len(plain_name("a" * 300)) == NAME_CHARS
    assert len(plain_name("a." + "b" * 300)) == NAME_CHARS


@pytest.mark.parametrize("name", ["茶 cup.png", "a%20b.png", "a+b&c=d.png", "é", "👋🏽.png"])
def test_a_name_travels_as_percent_signs(name):
    assert read_name(quote(name, safe="")) == plain_name(name)


@pytest.mark.parametrize("header", ["%FF.png", "%C0%AE%C0%AE%2F.png", "é.png", "a" * 3601])
def test_what_is_no_name_is_refused(header):
    with pytest.raises(Invalid):
        read_name(header)


@pytest.mark.parametrize(
    ("name", "ending"), [("a.png", ".png"), ("a.tar.GZ", ".gz"), ("a", ""), ("a.png.exe", ".exe")]
)
def test_the_last_ending_counts(name, ending):
    assert ending_of(name) == ending


@pytest.mark.parametrize(
    ("name", "ending", "named"),
    [
        ("cup.png", ".png", "cup.png"),
        ("cup.jpeg", ".jpg", "cup.jpeg"),
        ("cup.PNG", ".png", "cup.PNG"),
        ("cup.png", ".webp", "cup.webp"),
        ("a.b.png", ".jpg", "a.b.jpg"),
        ("cup", ".png", "cup.png"),
    ],
)
def test_a_picture_is_called_what_it_is(name, ending, named):
    assert with_ending(name, ending) == named


def test_a_browser_is_told_a_plain_name_and_the_real_one():
    assert disposition("cup 1.png", way="inline") == 'inline; filename="cup 1.png"'
    told = disposition("茶;a.png", way="attachment")
    assert told.startswith("attachment; filename=\"__a.png\"; filename*=UTF-8''")
    assert unquote(told.rpartition("''")[2]) == "茶;a.png"
