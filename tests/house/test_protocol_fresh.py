"""The TypeScript that both clients compile against is the protocol as it stands."""

from pathlib import Path

from chatserver.protocol.typescript import generate

COMMITTED = Path(__file__).parents[2] / "widget" / "src" / "wire" / "protocol.gen.ts"


def test_the_committed_typescript_equals_what_the_structs_generate() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == generate(), (
        "run `chatserver protocol` and commit the file"
    )


def test_a_renamed_field_keeps_its_name_on_the_wire() -> None:
    assert "  from: Author;" in generate()


def test_fields_the_server_leaves_out_are_optional() -> None:
    assert "  private?: boolean | undefined;" in generate()
