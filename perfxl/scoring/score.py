"""All scoring in one step."""

from perfxl.forms.definitions import Forms
from perfxl.model.frames import Frames, Scored
from perfxl.scoring.execution import score_execution
from perfxl.scoring.full_marks import with_full_marks
from perfxl.scoring.indicators import score_indicators
from perfxl.scoring.not_applicable import treat_not_applicable
from perfxl.scoring.totals import group_indicators, score_tables


def score(frames: Frames, forms: Forms) -> Scored:
    """Return the scored frames of one table or of ten thousand."""
    frames = with_full_marks(frames)
    budget = score_execution(frames.budget, frames.tables, forms)
    indicators = score_indicators(frames.indicators, frames.tables, forms)
    indicators = treat_not_applicable(indicators, budget, frames.tables, forms)
    tables = score_tables(frames.tables, budget, indicators, forms)
    return Scored(tables, budget, indicators, group_indicators(indicators, frames.subtotals))
