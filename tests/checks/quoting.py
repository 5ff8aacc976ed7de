"""Whether a message quotes what stands in the cell that its finding names."""

import re

from perfxl.model.finding import Finding
from perfxl.text import fold, number_text, plain_label, shown

# About the table as a whole: the cell is only where to begin, and the message quotes nothing.
QUOTE_NOTHING = {"STR-01", "STR-13", "STR-15"}


def quotes(finding: Finding) -> bool:
    """Whether a message tells what stands in its cell: the text or a part, its number, its label, or that it is blank."""
    assert finding.cell is not None
    text, message = finding.cell.text, fold(finding.message)
    if not text:
        return re.search("未填写|空白|没有保存|未填", message) is not None
    if any(fold(part) in fold(text) for part in re.findall("“([^”]{2,})”", finding.message)):
        return True
    told = {fold(text), fold(shown(text)), fold(plain_label(text))}
    number = fold(text).replace(",", "").rstrip("分万元%")
    if re.fullmatch(r"-?\d+(\.\d+)?", number):
        told |= {number, number_text(float(number), 6)}
    return any(item and item in message for item in told)
