"""Numbers that a cell shows rounded: 0.0357 under the format `0%` reads `4%`."""

import re

# One number as a number format lays it out; a text with two of them is no rounded number.
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.(\d+))?")


def exact_text(text: str, stored: float | None) -> str:
    """Return what a cell would show if its format did not round: `4%` with 0.0357 stored is `3.57%`.

    Args:
        text: The cell as a person sees it.
        stored: The number it stores; None or NaN for a cell that stores none.

    Returns:
        The text itself where the stored number does not round to the one shown (a format of another scale), or where
        the two differ by no more than the noise of binary fractions.
    """
    if stored is None or stored != stored:
        return text
    found = _NUMBER.search(text)
    if found is None:
        return text
    shown = float(found[0].replace(",", ""))
    factor = 100.0 if "%" in text or "％" in text else 1000.0 if "‰" in text else 1.0
    exact = float(f"{stored * factor:.12g}")
    if exact == shown or _NUMBER.search(text, found.end()):
        return text
    half = 0.5 * 10.0 ** -len(found[1] or "")
    if abs(exact - shown) > half * (1 + 1e-9):
        return text
    digits = f"{exact:.12f}".rstrip("0").rstrip(".")
    return f"{text[: found.start()]}{digits}{text[found.end() :]}"
