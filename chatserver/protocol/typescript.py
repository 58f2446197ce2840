"""The wire as TypeScript, written from the structs so that no client types it a second time."""

import inspect
from collections.abc import Iterable
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from chatserver.protocol import agent, codes, shared, visitor

HEADER = """\
// Generated from chatserver/protocol by `chatserver protocol`. Never edit it by hand.
// The server leaves out fields that have their default value, so these are optional here."""

SCALARS: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    object: "unknown",
}

# A type of this name would hide the language's own in every module that imports it.
RENAMED = {"Error": "ErrorFrame"}


def generate() -> str:
    """The whole of `widget/src/wire/protocol.gen.ts`."""
    names = _name_types()
    blocks = [HEADER, f"export const VERSION = {shared.VERSION};", _close_codes()]
    blocks += [_alias(name, literal) for literal, name in names.items() if not _is_struct(literal)]
    blocks += [_interface(struct, names) for struct in names if _is_struct(struct)]
    blocks += [
        _union(f"{side}{kind}", getattr(module, kind), names)
        for side, module in (("Visitor", visitor), ("Agent", agent))
        for kind in ("ClientMessage", "ServerMessage")
    ]
    return "\n\n".join(blocks) + "\n"


def _name_types() -> dict[Any, str]:
    """Every struct and literal alias with its name; one that both sides define gets a prefix."""
    names = {found: RENAMED.get(name, name) for name, found in _types_in(shared).items()}
    sides = {"Visitor": _types_in(visitor), "Agent": _types_in(agent)}
    common = sides["Visitor"].keys() & sides["Agent"].keys()
    for prefix, types in sides.items():
        for name, found in types.items():
            names.setdefault(found, prefix + name if name in common else name)
    return names


def _types_in(module: ModuleType) -> dict[str, Any]:
    """The literal aliases and the public structs that this module defines, in its own order."""
    return {
        name: value
        for name, value in vars(module).items()
        if get_origin(value) is Literal
        or (_is_struct(value) and value.__module__ == module.__name__ and not _is_base(value))
    }


def _is_struct(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, Struct)


def _is_base(struct: type[Struct]) -> bool:
    return struct in (shared.ClientFrame, shared.ServerFrame, shared.Value)


def _close_codes() -> str:
    rows = "".join(f"\n  {code.name}: {code.value}," for code in codes.CloseCode)
    return (
        f"{_comment(codes.CloseCode)}export const CloseCode = {{{rows}\n}} as const;\n"
        "export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];"
    )


def _alias(name: str, literal: Any) -> str:
    return f"export type {name} = {_literal(literal)};"


def _interface(struct: type[Struct], names: dict[Any, str]) -> str:
    tag = struct.__struct_config__.tag
    lines = [f'  t: "{tag}";'] if tag else []
    lines += [_field(field, names) for field in fields(struct)]
    body = "".join(f"{line}\n" for line in lines)
    return f"{_comment(struct)}export interface {names[struct]} {{\n{body}}}"


def _field(field: FieldInfo, names: dict[Any, str]) -> str:
    if field.required:
        return f"  {field.encode_name}: {_type(field.type, names)};"
    default_is_none = field.default is None and field.default_factory is NODEFAULT
    written = _type(field.type, names, without_none=default_is_none)
    return f"  {field.encode_name}?: {written} | undefined;"


def _type(found: Any, names: dict[Any, str], *, without_none: bool = False) -> str:
    """One annotation as TypeScript; an annotation this cannot express is a TypeError."""
    if found in names:
        return names[found]
    if found in SCALARS:
        return SCALARS[found]
    origin, arguments = get_origin(found), get_args(found)
    if origin is Literal:
        return _literal(found)
    if origin is Annotated:
        return _type(arguments[0], names)
    if origin in (Union, UnionType):
        kept = [a for a in arguments if not (without_none and a is NoneType)]
        return " | ".join("null" if a is NoneType else _type(a, names) for a in kept)
    if origin is list:
        return f"{_grouped(_type(arguments[0], names))}[]"
    if origin is dict:
        return f"Record<string, {_type(arguments[1], names)}>"
    raise TypeError(f"no TypeScript for {found!r}")


def _grouped(written: str) -> str:
    return f"({written})" if "|" in written else written


def _literal(literal: Any) -> str:
    return " | ".join(f'"{value}"' for value in get_args(literal))


def _union(name: str, members: Any, names: dict[Any, str]) -> str:
    return f"export type {name} =" + _rows(names[member] for member in get_args(members)) + ";"


def _rows(members: Iterable[str]) -> str:
    return "".join(f"\n  | {member}" for member in members)


def _comment(found: type) -> str:
    text = inspect.cleandoc(found.__dict__.get("__doc__") or "")
    if not text:
        return ""
    lines = text.splitlines()
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"
