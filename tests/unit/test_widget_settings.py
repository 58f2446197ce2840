"""The widget's settings as they are stored: read whoever wrote them, written only when right."""

import msgspec
import pytest

from chatserver.errors import Conflict, Invalid
from chatserver.identity.widget import reading
from chatserver.identity.widget.launcher import Launcher, PageRule
from chatserver.identity.widget.looks import Looks, Teammate
from chatserver.identity.widget.settings import CHECKS, WidgetSettings


def refused(sections):
    with pytest.raises(Invalid) as caught:
        reading.changed("{}", sections, 0)
    return caught.value.fields


@pytest.mark.parametrize(
    "text", ["", "{}", "null", "[]", "3", "{", '{"looks": 3}', '{"looks": []}']
)
def test_what_cannot_be_read_is_a_site_that_set_nothing(text):
    assert reading.read(text) == WidgetSettings()


def test_what_a_newer_release_wrote_is_left_out_and_the_rest_is_read():
    text = msgspec.json.encode(
        {
            "version": 7,
            "weather": {"sun": True},
            "looks": {"corners": "wavy", "welcome": "Hi", "sparkle": 3, "team": [{"name": 3}]},
            "launcher": {"offset_side": 8, "pages": [{"page": "/a", "weight": 2}]},
        }
    ).decode()
    assert reading.read(text) == WidgetSettings(
        version=7,
        looks=Looks(welcome="Hi"),
        launcher=Launcher(offset_side=8, pages=(PageRule("/a"),)),
    )


def test_writing_keeps_what_it_does_not_know_and_what_is_not_named():
    text = (
        '{"version":7,"weather":{"sun":true},"looks":{"sparkle":3,"corners":"wavy","welcome":"Hi"}}'
    )
    after = msgspec.json.decode(reading.changed(text, {"looks": {"scheme": "dark"}}, 7))
    assert after == {
        "version": 8,
        "weather": {"sun": True},
        "looks": {"sparkle": 3, "corners": "wavy", "welcome": "Hi", "scheme": "dark"},
    }


def test_who_looked_before_somebody_else_wrote_is_told():
    once = reading.changed("{}", {"looks": {"corners": "round"}}, 0)
    with pytest.raises(Conflict):
        reading.changed(once, {"looks": {"corners": "square"}}, 0)
    assert reading.read(reading.changed(once, {}, 1)).version == 2


@pytest.mark.parametrize(
    ("sections", "fields"),
    [
        ({"weather": {}}, {"weather": "unknown"}),
        ({"version": {}}, {"version": "unknown"}),
        ({"looks": None}, {"looks": "unknown"}),
        ({"looks": {"corner": "soft"}}, {"looks.corner": "unknown"}),
        ({"looks": {"corners": "wavy"}}, {"looks.corners": "unknown"}),
        ({"looks": {"corners": 3}}, {"looks.corners": "unknown"}),
        ({"looks": {"welcome": "x" * 81}}, {"looks.welcome": "too_long"}),
        ({"looks": {"team": [{"name": "A"}] * 6}}, {"looks.team": "too_long"}),
        ({"looks": {"team": [{"name": "A"}, {}]}}, {"looks.team.1.name": "required"}),
        ({"looks": {"team": [{"name": " \u200b"}]}}, {"looks.team.0.name": "required"}),
        ({"looks": {"team": [{"name": "A", "agent": "../b"}]}}, {"looks.team.0.agent": "unknown"}),
        ({"looks": {"team": [{"name": "A", "age": 3}]}}, {"looks.team.0.age": "unknown"}),
        ({"looks": {"header_image": "../../x"}}, {"looks.header_image": "unknown"}),
        ({"launcher": {"offset_side": -1}}, {"launcher.offset_side": "out_of_range"}),
        ({"launcher": {"offset_bottom": 401}}, {"launcher.offset_bottom": "out_of_range"}),
        ({"launcher": {"offset_bottom": "20"}}, {"launcher.offset_bottom": "unknown"}),
        ({"launcher": {"pages": [{"page": "cart"}]}}, {"launcher.pages.0.page": "not_a_page"}),
        (
            {"consent": {"mode": "never"}, "looks": {"scheme": "grey", "corners": "round"}},
            {"consent.mode": "unknown", "looks.scheme": "unknown"},
        ),
    ],
)
def test_a_wrong_field_is_named_by_its_path(sections, fields):
    assert refused(sections) == fields


def test_words_are_cleaned_and_pages_are_as_browsers_have_them():
    clean = reading.checked(
        {
            "looks": {"welcome": " Hi\n there \u202e", "team": [{"name": " Ann "}]},
            "launcher": {"pages": [{"page": " /产品/* ", "show": True}]},
        }
    )
    assert clean["looks"] == {"welcome": "Hi there", "team": (Teammate("Ann"),)}
    assert clean["launcher"]["pages"] == (PageRule("/%E4%BA%A7%E5%93%81/*", show=True),)


def test_every_section_and_check_is_of_a_field_that_exists():
    """And every field has a default: an empty text is a whole site."""
    for name, checks in CHECKS.items():
        section = msgspec.structs.fields(reading.SECTIONS[name])
        assert set(checks) <= {field.name for field in section}
    for kind in reading.SECTIONS.values():
        assert all(not field.required for field in msgspec.structs.fields(kind))


def test_what_is_written_reads_back_the_same():
    whole = msgspec.to_builtins(
        WidgetSettings(
            looks=Looks(corners="round", team=(Teammate("Ann"),)),
            launcher=Launcher(pages=(PageRule("/cart*"),), elsewhere="hide"),
        )
    )
    version = whole.pop("version")
    stored = reading.changed("{}", whole, version)
    assert msgspec.to_builtins(reading.read(stored)) == whole | {"version": 1}


def test_a_rating_has_five_words_or_none_and_reasons_once():
    fields = {
        "words": ["No", "Hm", "Fine", "Good", "Best"],
        "reasons_high": ["Tea", "Tea ", "Cups"],
    }
    after = reading.read(reading.changed("{}", {"rating": fields}, 0)).rating
    assert after.words == ("No", "Hm", "Fine", "Good", "Best")
    assert after.reasons_high == ("Tea", "Cups")
    assert refused({"rating": {"words": ["No", "Yes"]}}) == {"rating.words": "required"}
    assert refused({"rating": {"words": [""] * 5}}).keys() == {
        f"rating.words.{n}" for n in range(5)
    }
    assert refused({"rating": {"reasons_low": ["x" * 61]}}) == {"rating.reasons_low.0": "too_long"}
