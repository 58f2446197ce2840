"""What a newer client may say: its frames without the words that this version does not have."""

from typing import Any

from msgspec import inspect

# Our value types by the names that fields have on the wire.
Fields = dict[str, inspect.Type]


class Shapes:
    """The frames of one side by their tags, made once from the types themselves."""

    def __init__(self, message_type: Any) -> None:
        self._frames = {
            shape.tag: _fields(shape) for shape in _structs(inspect.type_info(message_type))
        }

    def known(self, frame: Any) -> tuple[Any, int]:
        """The frame without what nobody here knows, and how much that was; None: all of it. What
        is no frame at all comes back as it is, for the decoder to refuse."""
        if not isinstance(frame, dict) or not isinstance(tag := frame.get("t"), str):
            return frame, 0
        if tag not in self._frames:
            return None, 1
        return _without_unknown(frame, {**self._frames[tag], "t": inspect.AnyType()})


def _without_unknown(value: dict[str, Any], fields: Fields) -> tuple[dict[str, Any], int]:
    kept: dict[str, Any] = {}
    ignored = len(value.keys() - fields.keys())
    for name in value.keys() & fields.keys():
        kept[name], more = _prune(value[name], fields[name])
        ignored += more
    return kept, ignored


def _prune(value: Any, shape: inspect.Type) -> tuple[Any, int]:
    structs = _structs(shape)
    if structs and isinstance(value, dict):
        return _without_unknown(value, _fields(structs[0]))
    if isinstance(shape, inspect.ListType) and isinstance(value, list):
        pruned = [_prune(item, shape.item_type) for item in value]
        return [item for item, _ in pruned], sum(ignored for _, ignored in pruned)
    return value, 0


def _structs(shape: inspect.Type) -> list[inspect.StructType]:
    """The structs that a value of this type may be; a field has one at most, or none."""
    options = shape.types if isinstance(shape, inspect.UnionType) else (shape,)
    return [option for option in options if isinstance(option, inspect.StructType)]


def _fields(shape: inspect.StructType) -> Fields:
    return {field.encode_name: field.type for field in shape.fields}
