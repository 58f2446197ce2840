"""What the demo says is complete in both languages and fit to be seeded."""

import json

from chatserver.features.canned.model import Draft, checked
from chatserver.features.demo.catalogue import PRODUCTS, others
from chatserver.features.demo.pages import LANGUAGES, read_text
from chatserver.features.demo.past import CONTENT, stories


def test_both_languages_have_the_same_words():
    first, second = (read_text(language) for language in LANGUAGES)
    assert first.keys() == second.keys()
    assert first["products"].keys() == second["products"].keys() == {p.slug for p in PRODUCTS}


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
