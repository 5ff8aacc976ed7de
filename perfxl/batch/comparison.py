"""The submissions of a run held against one another and against the roster, once all of them are read."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.batch.work import Setup

if TYPE_CHECKING:
    from perfxl.model.coverage import Coverage
    from perfxl.model.roster import Roster


def compare(db: sqlite3.Connection, setup: Setup, roster: "Roster | None") -> "Coverage | None":
    """Write down which tables count and what the comparison finds; to be called in a transaction.

    Args:
        db: The results.
        setup: Of the run.
        roster: The units; None without a roster.

    Returns:
        The roster held against the results; None without a roster.

    Raises:
        DefinitionError: The settings of the folder are wrong.
    """
    # The checks come with pandas, which the caller of the other function has no need of.
    from perfxl.batch.across import find_across
    from perfxl.batch.coverage import coverage
    from perfxl.batch.standing import settle
    from perfxl.checks.registry import CHECKS
    from perfxl.forms.settings import Settings, find_settings, load_settings

    config = Path(setup.config) if setup.config else find_settings(Path(setup.folder) / "*")
    settings = load_settings(config, CHECKS) if config else Settings()
    settle(db)
    held = coverage(db, roster) if roster is not None else None
    find_across(db, held, settings)
    return held


def compare_in(database: str, setup: Setup, roster: "Roster | None") -> "Coverage | None":
    """Do the same in another process, whose checks are loaded and which opens the database for it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        held = compare(db, setup, roster)
        db.execute("COMMIT")
        return held
