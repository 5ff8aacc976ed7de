"""Numbers as the digit places of a section show them: grouping, decimals, percent, exponents, fractions."""

import re
from collections.abc import Callable
from fractions import Fraction

from perfxl.reading.format_chinese import digit_by_digit, read_aloud
from perfxl.reading.format_codes import Section, Token

Renderer = Callable[[float], str]

_FRACTION = re.compile(r"\s*(?:(?P<whole>[0#?]+)\s+)?(?P<top>[0#?]+)\s*/\s*(?P<bottom>[1-9]\d*|[0#?]+)\s*")


def general(value: float) -> str:
    """Return a finite number as `General` shows it: 12 → `12`, 0.1+0.2 → `0.3`, 1e15 → `1E+15`.

    Up to 15 significant digits are kept, where Excel's cells show 11: in a form a figure of money must not lose
    its cents because the number is long.
    """
    if -1e15 < value < 1e15 and value == (whole := int(value)):
        return str(whole)
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    power = int(exponent)
    digits = mantissa.lstrip("-").replace(".", "")
    if power < 0 and len(digits) - power <= 10:
        return f"{'-' if value < 0 else ''}0.{'0' * (-power - 1)}{digits}"
    return f"{mantissa}E{'-' if power < 0 else '+'}{abs(power):02d}"


def decimal_digits(size: float) -> tuple[str, int]:
    """Return the 15 significant digits of a number ≥ 0 and where its point stands: 12.5 → ("125000000000000", 2).

    Excel rounds these digits, not the binary number: 1.005 is shown as 1.01 under `0.00`.
    """
    mantissa, _, exponent = f"{size:.14e}".partition("e")
    return mantissa[0] + mantissa[2:], int(exponent) + 1


def round_digits(digits: str, point: int, places: int) -> str:
    """Return the decimal 0.`digits` × 10^`point`, rounded half up, times 10^`places` as a text of digits."""
    keep = point + places
    if keep < 0:
        return "0"
    if keep >= len(digits):
        return digits + "0" * (keep - len(digits))
    return str(int(digits[:keep] or "0") + (digits[keep] >= "5"))


def number_renderer(section: Section) -> Renderer:
    """Return a function that shows a finite number ≥ 0 as a section says; the sign is the caller's."""
    tokens = section.tokens
    kinds = [token.kind for token in tokens]
    if "general" in kinds:
        return _general_renderer(section)
    if "exponent" in kinds and "digit" in kinds[: kinds.index("exponent")]:
        return _Scientific(section).render
    layout = _Layout(section)
    if layout.is_fraction:
        return _fraction_renderer(tokens)
    return layout.fixed() or layout.render


def _general_renderer(section: Section) -> Renderer:
    style = section.chinese

    def render(size: float) -> str:
        text = general(size)
        if style:
            text = read_aloud(text, style)
        return "".join([text if token.kind == "general" else token.text for token in section.tokens])

    return render


class _Layout:
    """The digit places of a section, left and right of its point, with the literals between them."""

    def __init__(self, section: Section) -> None:
        tokens = section.tokens
        self.chinese = section.chinese
        self.whole: list[Token] = []
        self.decimals: list[Token] = []
        self.has_point = False
        self.grouped = False
        self.percents = 0
        self.thousands = 0
        last_digit = max((i for i, token in enumerate(tokens) if token.kind == "digit"), default=-1)
        places = self.whole
        digits_before = False
        commas = 0
        for place, token in enumerate(tokens):
            if token == ("sign", ","):
                # Between digit places a comma groups; after the last one each divides by a thousand.
                if not digits_before:
                    places.append(Token("literal", ","))
                elif place > last_digit:
                    self.thousands += 1
                else:
                    commas += 1
                continue
            if token == ("sign", ".") and not self.has_point:
                self.has_point = True
                self.thousands += commas
                commas = 0
                places = self.decimals
                continue
            if token.kind == "digit":
                self.grouped = self.grouped or (commas > 0 and not self.has_point)
                digits_before, commas = True, 0
            if token == ("sign", "%"):
                self.percents += 1
            places.append(token if token.kind == "digit" else Token("literal", token.text))
        self.whole_places = [token.text for token in self.whole if token.kind == "digit"]
        self.decimal_places = [token.text for token in self.decimals if token.kind == "digit"]
        slash = next((i for i, token in enumerate(tokens) if token == ("sign", "/")), -1)
        self.is_fraction = slash > 0 and any(token.kind == "digit" for token in tokens[:slash])

    def fixed(self) -> Renderer | None:
        """Return a quick renderer for the usual codes, such as `0.00`, `#,##0.00` and `0%`; None for others."""
        is_plain = self.whole_places == ["0"] and not self.grouped
        is_grouped = self.whole_places == ["#", "#", "#", "0"] and self.grouped
        if not (is_plain or is_grouped) or self.thousands or self.chinese or self.percents > 1:
            return None
        optional = len(self.decimal_places) - len("".join(self.decimal_places).rstrip("#"))
        required = self.decimal_places[: len(self.decimal_places) - optional]
        if set(required) - {"0"} or self.has_point != bool(self.decimal_places):
            return None
        core = [i for i, token in enumerate(self.whole) if token.kind == "digit"]
        prefix, body, suffix = self.whole[: core[0]], self.whole[core[0] : core[-1] + 1], self.whole[core[-1] + 1 :]
        if self.has_point:
            count = len(self.decimal_places)
            if suffix or [token.kind for token in self.decimals[:count]] != ["digit"] * count:
                return None
            suffix = self.decimals[count:]
        if any(token.kind != "digit" for token in body):
            return None
        before, after = (("".join(token.text for token in side)) for side in (prefix, suffix))
        spec = f"{',' if self.grouped else ''}.{len(self.decimal_places)}f"
        return _fixed_renderer(before, after, spec, len(self.decimal_places), optional, self.percents, self.render)

    def render(self, size: float) -> str:
        digits, point = decimal_digits(size)
        places = len(self.decimal_places)
        text = round_digits(digits, point + 2 * self.percents - 3 * self.thousands, places)
        return self.show(text.zfill(places + 1))

    def show(self, digits: str) -> str:
        """Return digits, as many of them decimals as the section has places for, laid out."""
        count = len(self.decimal_places)
        cut = len(digits) - count
        whole = _fill_whole(self.whole, self.whole_places, digits[:cut].lstrip("0"), self.grouped)
        text = whole + ("." if self.has_point else "") + _fill_decimals(self.decimals, digits[cut:])
        return digit_by_digit(text, self.chinese)


def _fixed_renderer(
    prefix: str, suffix: str, spec: str, places: int, optional: int, percents: int, exact: Renderer
) -> Renderer:
    factor = 100.0**percents
    scale = 10.0**places

    def render(size: float) -> str:
        number = size * factor
        scaled = number * scale
        # Python rounds the binary number and sends halves to the even digit. Away from a half that is the same
        # as rounding the decimal digits half up; near a half, and for numbers of many digits, it may not be.
        if scaled < 1e10 and not 0.4999 < scaled % 1.0 < 0.5001:
            text = f"{number:{spec}}"
            if optional:
                text = text[:-optional] + text[-optional:].rstrip("0")
            return f"{prefix}{text}{suffix}"
        return exact(size)

    return render


def _fill_whole(tokens: list[Token], places: list[str], digits: str, grouped: bool) -> str:
    pieces: list[str] = []
    left = len(places)
    for token in tokens:
        if token.kind != "digit":
            pieces.append(token.text)
            continue
        # The first place takes all digits that the others leave.
        end = len(digits) - left + 1
        shown = digits[: max(end, 0)] if left == len(places) else digits[max(end - 1, 0) : max(end, 0)]
        if not shown:
            pad = {"0": "0", "?": " "}.get(token.text, "")
            pieces.append(pad + ("," if grouped and pad == "0" and left % 3 == 1 and left > 1 else ""))
        else:
            pieces.append(_grouped(shown, left) if grouped else shown)
        left -= 1
    return "".join(pieces)


def _grouped(digits: str, last_place: int) -> str:
    """Return digits with a comma after each one whose place, counted from 1 at the right, is 4, 7, 10 and so on."""
    pieces = []
    for i, digit in enumerate(digits):
        place = last_place + len(digits) - 1 - i
        pieces.append(digit + ("," if place > 1 and place % 3 == 1 else ""))
    return "".join(pieces)


def _fill_decimals(tokens: list[Token], digits: str) -> str:
    places = [token.text for token in tokens if token.kind == "digit"]
    shown = list(digits)
    for i in range(len(places) - 1, -1, -1):
        if places[i] == "0" or shown[i] != "0":
            break
        shown[i] = " " if places[i] == "?" else ""
    each = iter(shown)
    return "".join(next(each) if token.kind == "digit" else token.text for token in tokens)


class _Scientific:
    """A section with an exponent: `0.00E+00`, or `##0.0E+0` with exponents in steps of its whole places."""

    def __init__(self, section: Section) -> None:
        kinds = [token.kind for token in section.tokens]
        split = kinds.index("exponent")
        rest = section.tokens[split + 1 :]
        self._always_signed = section.tokens[split].text[1] == "+"
        self._mantissa = _Layout(Section(section.tokens[:split], None, section.chinese, False))
        self._power = _Layout(Section(rest, None, section.chinese, False))
        self._step = max(len(self._mantissa.whole_places), 1)

    def render(self, size: float) -> str:
        digits, point = decimal_digits(size)
        if size == 0:
            point = 1
        places = len(self._mantissa.decimal_places)
        whole, power = self._shift(point)
        rounded = round_digits(digits, whole, places)
        if len(rounded.lstrip("0")) > whole + places:  # 9.99 has become 10.0
            whole, power = self._shift(point + 1)
            rounded = round_digits("1", whole, places)
        sign = "-" if power < 0 else "+" if self._always_signed else ""
        return f"{self._mantissa.show(rounded.zfill(places + 1))}E{sign}{self._power.render(abs(power))}"

    def _shift(self, point: int) -> tuple[int, int]:
        """Return how many digits stand before the point, and the exponent."""
        power = (point - 1) // self._step * self._step
        return point - power, power


def _fraction_renderer(tokens: tuple[Token, ...]) -> Renderer:
    """Return a renderer for `# ?/?`, `# ??/??`, `# ?/8`, …; other fractions are shown as `General` does."""
    match = _FRACTION.fullmatch("".join(token.text for token in tokens))
    if match is None:
        return general
    has_whole, bottom = match["whole"] is not None, match["bottom"]

    def render(size: float) -> str:
        if size >= 1e15:
            return general(size)
        value = Fraction(f"{size:.15g}")
        whole = int(value) if has_whole else 0
        rest = value - whole
        if bottom.strip("0#?"):
            below = int(bottom.replace("#", "0").replace("?", "0"))
            above = int(rest * below + Fraction(1, 2))
        else:
            rest = rest.limit_denominator(10 ** min(len(bottom), 6) - 1)
            above, below = rest.numerator, rest.denominator
        if has_whole and above == below:
            whole, above = whole + 1, 0
        if has_whole and not above:
            return str(whole)
        return f"{whole} {above}/{below}" if whole else f"{above}/{below}"

    return render
