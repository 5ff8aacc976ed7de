"""Numbers that a cell shows rounded: 0.0357 under the format `0%` reads `4%`."""

import re

# One number as a number format lays it out; a text with two of them is no rounded number.
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.(\d+))?")
_FACTORS = {"%": 100.0, "％": 100.0, "‰": 1000.0}


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
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return text
    shown = float(found[0][0].replace(",", ""))
    factor = next((factor for sign, factor in _FACTORS.items() if sign in text), 1.0)
    exact = float(f"{stored * factor:.12g}")
    half = 0.5 * 10.0 ** -len(found[0][1] or "")
    if exact == shown or abs(exact - shown) > half * (1 + 1e-9):
        return text
    digits = f"{exact:.12f}".rstrip("0").rstrip(".")
    return f"{text[: found[0].start()]}{digits}{text[found[0].end() :]}"
