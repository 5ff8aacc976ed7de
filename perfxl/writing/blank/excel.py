"""Pieces of formulas that Excel 2010, WPS and LibreOffice all reckon alike: no LET, no LAMBDA, no dynamic arrays."""

from perfxl.model.cells import column_letters

_DIGITS = '{"0","1","2","3","4","5","6","7","8","9","."}'


def ref(row: int, column: int) -> str:
    """Return a reference whose column stays where a row is copied: `$E14`."""
    return f"${column_letters(column)}{row}"


def down(top: int, bottom: int, column: int) -> str:
    """Return a range of one column."""
    return f"{ref(top, column)}:{ref(bottom, column)}"


def above(top: int, column: int) -> str:
    """Return the range from a row down to the one above the formula's, whatever rows are put in at its end."""
    letters = column_letters(column)
    return f"${letters}${top}:INDEX(${letters}:${letters},ROW()-1)"


def quoted(text: str) -> str:
    """Return a text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'


def words(texts: tuple[str, ...]) -> str:
    """Return texts as an array constant."""
    return "{" + ",".join(map(quoted, texts)) + "}"


def both(*conditions: str) -> str:
    """Return a formula that is true where all conditions are."""
    return conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"


def either(*conditions: str) -> str:
    """Return a formula that is true where one of the conditions is."""
    return conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"


def count_true(*conditions: str) -> str:
    """Return a formula for how many of the conditions are true."""
    return "+".join(f"IF({condition},1,0)" for condition in conditions) or "0"


def first_of(*pairs: tuple[str, str], otherwise: str = '""') -> str:
    """Return a formula for the result of the first condition that is true."""
    formula = otherwise
    for condition, result in reversed(pairs):
        formula = f"IF({condition},{result},{formula})"
    return formula


def holds_any(text: str, parts: tuple[str, ...]) -> str:
    """Return a formula that is true where a text holds one of the parts."""
    return f"SUMPRODUCT(--ISNUMBER(FIND({words(parts)},{text})))>0"


def digits(text: str) -> str:
    """Return a formula for how many digits and points a text has."""
    return f'SUMPRODUCT(LEN({text})-LEN(SUBSTITUTE({text},{_DIGITS},"")))'


def number_at_start(text: str) -> str:
    """Return a formula for the number that a text begins with, "" where other digits follow it or it begins otherwise.

    Not by letting the program guess: it would take `1-2月` for a date.
    """
    start = f"LEFT({text},{digits(text)})"
    return f'IF(OR({text}="",{digits(text)}=0),"",IF({digits(start)}=LEN({start}),IFERROR(VALUE({start}),""),""))'


def rest_after_number(text: str, number: str) -> str:
    """Return a formula for what follows the number that a text begins with; "" where it begins with none."""
    return f'IF({number}="","",TRIM(MID({text},{digits(text)}+1,20)))'
