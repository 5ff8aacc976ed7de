"""The summary workbook as a whole."""

import datetime
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from perfxl.errors import OutputError
from perfxl.model.cells import MAX_ROW
from perfxl.model.coverage import Coverage
from perfxl.writing.files import written_whole
from perfxl.writing.summary.ahead import Assist
from perfxl.writing.summary.details import Details, issues
from perfxl.writing.summary.overview import About, overview
from perfxl.writing.summary.ranking import departments, ranking
from perfxl.writing.summary.sampled import sampled
from perfxl.writing.summary.sheet import Book, BulkWorkbook
from perfxl.writing.summary.statistics import statistics
from perfxl.writing.summary.unreadable import unreadable
from perfxl.writing.summary.unsent import unsent

# The same results give the same bytes, whenever they are written.
_CREATED = datetime.datetime(2000, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    # What a submission says never becomes anything but text.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_summary(
    path: Path,
    db: sqlite3.Connection,
    about: About,
    coverage: Coverage | None = None,
    *,
    sample: int = 0,
    seed: int = 0,
    limit: int = MAX_ROW,
    say: Callable[[str], None] = lambda text: None,
    assist: Assist | None = None,
) -> None:
    """Write the summary of a batch from its results; no sheet is ever held in memory.

    Args:
        path: Where to; a summary that Excel holds open stays, and this one gets the next free name.
        db: The results.
        about: What is said at the top.
        coverage: The roster held against the results; None without a roster.
        sample: How many tables are drawn for re-checking; 0 for none.
        seed: Of the drawing.
        limit: Rows of a sheet.
        say: Is told the name where another one had to be used.
        assist: Another process that has time to write rows; None for none.

    Raises:
        OutputError: It cannot be written.
    """
    with written_whole(path, say) as temporary:
        workbook = BulkWorkbook(str(temporary), _OPTIONS)
        workbook.set_properties({"title": "绩效自评复核汇总", "author": "perfxl", "created": _CREATED})
        book = Book(workbook)
        # A name that the next run knows as left behind, should this one be killed.
        rows = temporary.with_name(temporary.name.replace(".tmp", "-rows.tmp"))
        try:
            details = Details(book, db, rows, assist, limit)
            overview(book, db, about, coverage)
            ranking(book, db)
            departments(book, db)
            details.place()
            issues(book, db, limit)
            statistics(book, db)
            unsent(book, db, coverage)
            unreadable(book, db)
            if sample:
                sampled(book, db, sample, seed)
            details.end()
            workbook.close()
        except FileCreateError as error:
            raise OutputError(f"无法写入“{path}”：{error}") from error
        except BaseException:
            book.close()
            raise
        finally:
            # Windows does not let go of a file that a worker may still have open.
            with suppress(OSError):
                rows.unlink(missing_ok=True)
