"""What target and actual cells say: `parse_value` for one cell, `compare` for the two side by side."""

from perfxl.reading.values.compare import compare
from perfxl.reading.values.parse import parse_value
from perfxl.reading.values.value import Comparison, Day, Period, Value

__all__ = ["Comparison", "Day", "Period", "Value", "compare", "parse_value"]
