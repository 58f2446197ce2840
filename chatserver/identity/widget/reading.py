"""Stored settings into structs, whoever wrote them; and what is written, checked. Pure.

Reading is tolerant: a newer release may have added sections, fields and values, and a step back
must not take a site's chat away. Writing is strict, and leaves alone what it does not know.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from chatserver.errors import Conflict, Invalid
from chatserver.identity.widget.checks import joined
from chatserver.identity.widget.settings import CHECKS, WidgetSettings

SECTIONS: Mapping[str, type] = {
    field.name: field.type
    for field in msgspec.structs.fields(WidgetSettings)
    if field.name != "version"
}
BLANK = WidgetSettings()
_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\w+")
_CODES = {
    "missing required": "required",
    "of length >=": "required",
    "of length": "too_long",
    "` <": "out_of_range",
    "` >": "out_of_range",
}


def read(text: str) -> WidgetSettings:
    """What cannot be understood has its default."""
    if text in ("", "{}"):
        return BLANK
    stored = _stored(text)
    version = stored.get("version", 0)
    sections = {name: _read_section(kind, stored.get(name)) for name, kind in SECTIONS.items()}
    return WidgetSettings(version=version if isinstance(version, int) else 0, **sections)


def changed(text: str, sections: Mapping[str, Any], version: int) -> str:
    """The stored text with these fields of these sections. Raises Conflict when `version` is not
    the stored one, Invalid with every field that is wrong."""
    stored = _stored(text)
    if version != stored.get("version", 0):
        raise Conflict("somebody else changed the widget's settings")
    clean = checked(sections)
    for name, fields in clean.items():
        before = stored.get(name)
        kept = before if isinstance(before, dict) else {}
        stored[name] = kept | msgspec.to_builtins(fields)
    stored["version"] = version + 1
    return msgspec.json.encode(stored).decode()


def drafted(settings: WidgetSettings, sections: Mapping[str, Any]) -> WidgetSettings:
    """As they would be with these fields of these sections. Raises Invalid."""
    new = {
        name: msgspec.structs.replace(getattr(settings, name), **fields)
        for name, fields in checked(sections).items()
    }
    return msgspec.structs.replace(settings, **new)


def checked(sections: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields that are given, typed and clean. Raises Invalid, naming `looks.corners`."""
    clean: dict[str, dict[str, Any]] = {}
    problems: dict[str, str] = {}
    for section, fields in sections.items():
        if section not in SECTIONS or not isinstance(fields, dict):
            problems[section] = "unknown"
            continue
        kinds = {field.name: field.type for field in msgspec.structs.fields(SECTIONS[section])}
        clean[section] = {}
        for name, value in fields.items():
            try:
                clean[section][name] = _checked(section, name, kinds.get(name), value)
            except Invalid as error:
                problems |= {joined(section, name, k): why for k, why in error.fields.items()}
    if problems:
        raise Invalid("the widget's settings cannot be saved like this", fields=problems)
    return clean


def _checked(section: str, name: str, kind: Any, value: Any) -> Any:
    if kind is None:
        raise Invalid(fields={"": "unknown"})
    try:
        typed = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    unknown = dict.fromkeys(_unknown(value, msgspec.to_builtins(typed)), "unknown")
    if unknown:
        raise Invalid(fields=unknown)
    check = CHECKS.get(section, {}).get(name)
    return check(typed) if check else typed


def _unknown(given: Any, known: Any, path: str = "") -> Iterator[str]:
    """Names inside of a value that its type does not have, which msgspec lets pass."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            if name in known:
                yield from _unknown(value, known[name], joined(path, name))
            else:
                yield joined(path, name)
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for place, (value, other) in enumerate(zip(given, known, strict=False)):
            yield from _unknown(value, other, joined(path, str(place)))


def _invalid(message: str) -> Invalid:
    found = _PATH.search(message)
    path = joined(*_STEP.findall(found[1])) if found else ""
    if field := re.search(r"missing required field `(\w+)`", message):
        path = joined(path, field[1])
    code = next((code for sign, code in _CODES.items() if sign in message), "unknown")
    return Invalid(fields={path: code})


def _stored(text: str) -> dict[str, Any]:
    try:
        stored = msgspec.json.decode(text or "{}")
    except msgspec.DecodeError:
        return {}
    return stored if isinstance(stored, dict) else {}


def _read_section(kind: type, stored: Any) -> Any:
    if not isinstance(stored, dict):
        return kind()
    try:
        return msgspec.convert(stored, kind)
    except msgspec.ValidationError:
        return kind(**dict(_readable(kind, stored)))


def _readable(kind: type, stored: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Field by field, those that this release understands."""
    for field in msgspec.structs.fields(kind):
        if field.name in stored:
            try:
                yield field.name, msgspec.convert(stored[field.name], field.type)
            except msgspec.ValidationError:
                continue
