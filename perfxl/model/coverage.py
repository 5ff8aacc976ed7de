"""What of the roster has been submitted."""

from dataclasses import dataclass

from perfxl.model.roster import DueProject, Unit


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """One unit of the roster held against the submissions.

    Attributes:
        unit: As the roster has it.
        submitted: Files that hold a table of the unit that counts.
        other_names: What the unit is called in its tables where the roster has another name.
        missing: Projects due of which there is no table.
        covered: How many of the projects due were submitted; for a unit without named projects 1 or 0 of 1.
        due: How many are due.
        covered_money: 万元 of the submitted tables of the projects due, each counted once; None where none is known.
        due_money: 万元 that should be covered; None where the roster does not tell.
        without_money: Submitted tables whose amount is unknown, and so not in `covered_money`.
        extra: Submitted projects that the roster does not name.
        lacks_department_form: The roster asks for the form about the unit as a whole, and there is none.
        missing_attachments: Words of the roster's attachments that occur in no file of the unit.
    """

    unit: Unit
    submitted: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    missing: tuple[DueProject, ...] = ()
    covered: int = 0
    due: int = 0
    covered_money: float | None = None
    due_money: float | None = None
    without_money: int = 0
    extra: tuple[str, ...] = ()
    lacks_department_form: bool = False
    missing_attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stranger:
    """A unit of the submissions that the roster does not have.

    Attributes:
        name: As its tables have it; "" where they name none.
        path: One of its files.
        tables: How many it has.
        similar: The name of the roster that is nearest; "" for none.
    """

    name: str
    path: str
    tables: int
    similar: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The roster as a whole.

    Attributes:
        file: The roster's name.
        units: In the order of the roster.
        strangers: Units that it does not have.
    """

    file: str
    units: tuple[UnitCoverage, ...]
    strangers: tuple[Stranger, ...] = ()

    @property
    def absent(self) -> list[UnitCoverage]:
        """The units that have submitted nothing."""
        return [one for one in self.units if not one.submitted]

    @property
    def by_count(self) -> tuple[int, int]:
        """How many projects are covered, of how many that are due."""
        return sum(one.covered for one in self.units), sum(one.due for one in self.units)

    @property
    def by_money(self) -> tuple[float, float] | None:
        """万元 covered, of how much that is due, over the units whose due money is known; None for none."""
        known = [one for one in self.units if one.due_money is not None]
        if not known:
            return None
        covered = sum(one.covered_money or 0.0 for one in known)
        return round(covered, 6), round(sum(one.due_money or 0.0 for one in known), 6)
