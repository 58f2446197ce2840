"""All sections of a site's widget, and the list of them. Who adds one adds two lines here. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from chatserver.identity.widget import consent, forms, greetings, launcher, looks, rating, texts
from chatserver.identity.widget.checks import Check
from chatserver.identity.widget.consent import Consent
from chatserver.identity.widget.forms import Forms
from chatserver.identity.widget.greetings import Greetings
from chatserver.identity.widget.launcher import Launcher
from chatserver.identity.widget.looks import Looks
from chatserver.identity.widget.rating import Rating
from chatserver.identity.widget.texts import Texts


class WidgetSettings(Struct, frozen=True):
    """Every field of every section has a default: a site that never changed anything has `{}`.
    `version` counts the changes."""

    version: int = 0
    consent: Consent = Consent()
    forms: Forms = Forms()
    greetings: Greetings = Greetings()
    launcher: Launcher = Launcher()
    looks: Looks = Looks()
    texts: Texts = Texts()
    rating: Rating = Rating()


# What is checked beyond its type, by section and field.
CHECKS: Mapping[str, Mapping[str, Check]] = MappingProxyType(
    {
        "consent": consent.CHECKS,
        "forms": forms.CHECKS,
        "greetings": greetings.CHECKS,
        "launcher": launcher.CHECKS,
        "looks": looks.CHECKS,
        "rating": rating.CHECKS,
        "texts": texts.CHECKS,
    }
)
