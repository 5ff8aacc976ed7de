"""The promises of the repository's shape: imports point down, the public names are complete, nothing heavy at start."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import perfxl

ROOT = Path(perfxl.__file__).parent
# Lower numbers may not import higher ones; modules of one number that are no package of their own may not
# import one another.
LAYERS = {
    "text": 0, "field_labels": 0, "rounding": 0, "errors": 0, "children": 0,
    "model": 1,
    "forms": 2,
    "reading": 3, "scoring": 3, "checks": 3, "writing": 3,
    "pipeline": 4, "resubmission": 4, "isolation": 4,
    "session": 5, "blanks": 5, "inspection": 5, "terminal": 5, "form_guide": 6, "batch": 6,
    "command_line": 7, "cli": 8, "__main__": 9, "__init__": 9,
}  # fmt: skip
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def unit(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("perfxl."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("perfxl.")}
    return names


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_down(module: Path) -> None:
    own = unit(module.parts)
    for other in imported(ROOT / module) - {own}:
        if own == "__init__" and other == "errors":
            continue
        assert LAYERS[other] < LAYERS[own], f"{module} imports perfxl.{other}"


def test_the_import_test_sees_a_bad_import(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from perfxl.writing.annotate import Mark\nimport perfxl.cli\n", encoding="utf-8")
    assert imported(bad) == {"writing", "cli"}


def test_public_names_are_sorted_and_there() -> None:
    assert perfxl.__all__ == sorted(perfxl.__all__)
    for name in perfxl.__all__:
        assert getattr(perfxl, name) is not None


def test_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = perfxl.nothing


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_nothing_heavy_is_imported_for(option: str) -> None:
    code = (
        "import sys; sys.argv = ['perfxl', sys.argv[1]]\n"
        "from perfxl.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pandas', 'numpy', 'lxml', 'openpyxl', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, option], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
