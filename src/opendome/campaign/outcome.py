"""What campaigns leave behind, before it is made into tables with names."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opendome.kernel import I32Array
from opendome.sampling import Assumption
from opendome.stockpile.names import Names
from opendome.stockpile.tables import Records, Tables


class Attacks(NamedTuple):
    """What came and what became of it. R runs, M months, G campaigns, classes as in `battle.CLASSES`."""

    raids: I32Array  # (R, M, G, classes) days with at least one of the class
    launched: I32Array
    engaged: I32Array  # fired at from stocks
    destroyed: I32Array  # by rounds from stocks, or by other means
    leaked: I32Array
    harmless: I32Array  # came down outside by themselves


@dataclass(frozen=True)
class Outcome:
    """All that a study of campaigns records."""

    names: Names
    tables: Tables
    records: Records
    campaigns: list[str]
    attacks: Attacks
    surfaces: list[dict[str, Any]] = field(default_factory=list)
    """Rows of the table `surfaces`."""
    assumptions: list[Assumption] = field(default_factory=list)
