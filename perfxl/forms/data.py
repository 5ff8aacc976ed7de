"""Where the definitions of forms, words and values lie."""

from pathlib import Path


def templates_folder() -> Path:
    """Return the folder of the definitions that come with perfxl.

    In an installed package they lie inside it; in a checkout they lie beside it, where users look at them.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
