"""Our pages as files: complete in every language, safe by construction, readable by everybody."""

import re
from pathlib import Path

import msgspec
import pytest

from chatserver.web import languages
from chatserver.web.languages import VISITOR_TEXT, Words
from chatserver.web.pages import text_folders

WEB = Path(languages.__file__).parent
TEMPLATES = sorted([*WEB.glob("templates/*.html"), *WEB.parent.glob("features/*/templates/*.html")])
FOLDERS = text_folders()
CATALOGUES = [
    (folder, language)
    for folder in FOLDERS
    for language in (languages.VISITORS if folder.name == VISITOR_TEXT else languages.LANGUAGES)
]
# The codes of docs/http.md: each may stand beside a field.
FIELD_CODES = (
    "required too_long not_an_email not_an_origin not_a_colour taken too_short too_common unknown "
    "own_role last_owner"
)
CALL = re.compile(r"""\bt\(\s*["']([a-z_.0-9A-Z-]+)["']""")


def catalogue(folder, language):
    return msgspec.json.decode((folder / f"{language}.json").read_bytes(), type=dict[str, str])


@pytest.mark.parametrize(
    ("folder", "language"),
    CATALOGUES,
    ids=lambda value: value if isinstance(value, str) else f"{value.parent.name}-{value.name}",
)
def test_every_language_says_everything(folder, language):
    default, other = catalogue(folder, languages.DEFAULT), catalogue(folder, language)
    assert list(other) == list(default)
    for key, text in other.items():
        assert text.strip(), key
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", default[key])), key


def test_every_word_a_template_asks_for_is_there_and_none_is_left_over():
    words = Words(FOLDERS).catalogue("en")
    source = "".join(template.read_text() for template in TEMPLATES)
    asked = {key for key in CALL.findall(source) if not key.endswith(".")}
    assert asked <= set(words)
    spoken = {key for key in words if key not in asked}
    made = ("field.", "error.", "role.", "sign_in.", "invitation.", "setup.")
    assert {key for key in spoken if not key.startswith(made)} <= words_of_slices()


def words_of_slices():
    return {key for folder in FOLDERS if folder.parent != WEB for key in catalogue(folder, "en")}


def test_every_field_error_has_its_words():
    words = Words(FOLDERS).catalogue("en")
    assert {f"field.{code}" for code in FIELD_CODES.split()} <= set(words)
    for status in (400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503):
        assert {f"error.{status}", f"error.{status}.text"} <= set(words)


def test_a_missing_word_is_a_bug():
    with pytest.raises(KeyError):
        Words(FOLDERS).translator("en")("no.such.word")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_template_switches_escaping_off_or_writes_inline(template):
    source = template.read_text()
    # A mail's reader knows no style sheet; nothing but its own attributes reaches it. A page that
    # somebody keeps as a file has nobody to ask for one.
    stands_alone = "/mail/" in template.as_posix() or template.name == "keep.html"
    inline = () if stands_alone else ("style=", "<style")
    for forbidden in ("|safe", "| safe", "autoescape", "Markup", "javascript:", *inline):
        assert forbidden not in source
    assert not re.search(r"\son[a-z]+=", source)
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or "application/json" in script


def test_every_input_of_a_template_has_a_label():
    for template in TEMPLATES:
        for tag in re.findall(r"<input[^>]*>", template.read_text(), re.S):
            if 'type="hidden"' not in tag:
                identifier = re.search(r'id="([^"]+)"', tag)[1]
                assert f'for="{identifier}"' in template.read_text()
