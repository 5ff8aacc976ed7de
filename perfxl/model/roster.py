"""Who is due to submit what."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DueProject:
    """A project that a unit is due to evaluate itself.

    Attributes:
        name: As the roster has it.
        code: "" where the roster has none.
        budget: In 万元; None where the roster has none.
        place: `sheet!A1` of the roster, or the line of a .csv.
    """

    name: str
    code: str = ""
    budget: float | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the roster.

    Attributes:
        name: Its name in full.
        code: "" where the roster has none.
        aliases: Other names that it goes by.
        projects: What it is due to evaluate; empty where the roster names no projects.
        total: All project spending of the unit in 万元, of which the projects may be a part; None where not stated.
        has_department_form: Whether it is due to submit the form about itself as a whole; None where not stated.
        attachments: Words of which each must occur in the name of some file that it submits.
        place: Where the roster names it first.
    """

    name: str
    code: str = ""
    aliases: tuple[str, ...] = ()
    projects: tuple[DueProject, ...] = ()
    total: float | None = None
    has_department_form: bool | None = None
    attachments: tuple[str, ...] = ()
    place: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it goes by."""
        return (self.name, *self.aliases)

    @property
    def due_money(self) -> float | None:
        """The money that its evaluation should cover, in 万元: its total, else the sum of its projects' budgets."""
        if self.total is not None:
            return self.total
        budgets = [project.budget for project in self.projects]
        known = [budget for budget in budgets if budget is not None]
        return round(sum(known), 6) if known and len(known) == len(budgets) else None


@dataclass(frozen=True, slots=True)
class Roster:
    """The units that are due to submit.

    Attributes:
        units: In the order of the roster.
        file: The roster's name, for messages.
        notes: What the user should know about how it was read, Chinese sentences.
    """

    units: tuple[Unit, ...]
    file: str = ""
    notes: tuple[str, ...] = field(default=())
