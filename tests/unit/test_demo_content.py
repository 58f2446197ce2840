"""What the demo says is complete in every language and fit to be seeded."""

import json
import re

import pytest

from chatserver.features.canned.model import Draft, checked
from chatserver.features.demo.catalogue import PRODUCTS, others
from chatserver.features.demo.pages import read_text
from chatserver.features.demo.past import CONTENT, stories
from chatserver.web.languages import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language):
    text, english = read_text(language), read_text("en")
    assert text.keys() == english.keys()
    assert text["lang"] == language
    assert text["products"].keys() == {product.slug for product in PRODUCTS}
    for slug, product in english["products"].items():
        assert text["products"][slug].keys() == product.keys()
    for key, words in english.items():
        assert shape(text[key]) == shape(words), key


def shape(words):
    """How long a list is, and which places a text has."""
    return len(words) if isinstance(words, list) else re.findall(r"{\w+}", str(words))


def test_every_canned_reply_of_the_demo_may_be_saved():
    for reply in json.loads((CONTENT / "canned.json").read_text(encoding="utf-8")):
        checked(Draft(**reply))


def test_stories_are_in_order_and_leave_two_visitors_waiting():
    told = stories()
    assert told == sorted(told, key=lambda story: -story.minutes_ago)
    assert [story.end for story in told].count("queued") == 2
    assert {story.visitor.locale for story in told} == set(LANGUAGES)


def test_a_product_is_shown_with_others_than_itself():
    for product in PRODUCTS:
        assert product not in others(product, 4)
