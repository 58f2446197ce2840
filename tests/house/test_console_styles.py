"""A component of the library comes without its looks: each stylesheet is imported by name."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "node_modules" / "@mantine" / "core" / "styles"
SOURCES = [path.read_text("utf-8") for path in (ROOT / "agent_ui" / "src").rglob("*.ts*")]


def found(pattern: str) -> set[str]:
    return {name for text in SOURCES for name in re.findall(pattern, text)}


def test_every_component_of_the_console_has_its_styles() -> None:
    named = found(r"import \{([^}]*)\} from \"@mantine/core\"")
    used = {name.strip() for names in named for name in names.split(",")}
    there = {name for name in used if (STYLES / f"{name}.css").exists()}
    assert len(there) > 20
    assert there - found(r"@mantine/core/styles/(\w+)\.css") == set()
