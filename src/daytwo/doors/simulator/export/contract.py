"""The files that the plant's systems export: names, columns, kinds of cells, dialects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a system writes.

    Attributes:
        delimiter: Between cells.
        encoding: Of the file.
        decimal: Decimal mark.
        time: `strftime` form of a moment on the site's wall clock.
        date: `strftime` form of a day.
        quoting: `all` cells in quotes, `needed`, or `none`.
        line_end: Of each line.
    """

    delimiter: str
    encoding: str
    decimal: str
    time: str
    date: str
    quoting: str
    line_end: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: As the contract calls it.
        kind: `text`, `number`, `date`, `line` (numbered at the export), `time` of what happened,
            or `plan`: a time that may lie ahead.
    """

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the contract.

    Attributes:
        file: Path below the folder of exports.
        columns: In order.
        born: Column whose time says since when the row exists; empty for rows without one.
        headers: Header texts that differ from the column's name: a typo of the source.
    """

    file: str
    columns: tuple[Column, ...]
    born: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def system(self) -> str:
        """Return the system that exports it."""
        return self.file.partition("/")[0]

    @property
    def header(self) -> list[str]:
        """Return the header as it stands in the file."""
        typos = dict(self.headers)
        return [typos.get(column.name, column.name) for column in self.columns]


DIALECTS = {
    "mes": Dialect(";", "cp1252", ",", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "needed", "\r\n"),
    "lims": Dialect(",", "utf-8-sig", ".", "%d.%m.%Y %H:%M", "%d.%m.%Y", "all", "\r\n"),
    "qms": Dialect(",", "utf-8", ".", "%d-%b-%Y %H:%M", "%d-%b-%Y", "needed", "\n"),
    "erp": Dialect("\t", "utf-8", ".", "%Y%m%d", "%Y%m%d", "none", "\n"),
    "hr": Dialect(";", "utf-8", ",", "%d.%m.%Y %H:%M", "%d.%m.%Y", "needed", "\n"),
}
"""By system. Months of `qms` are written in English capitals, `05-MAR-2024 14:10`."""

_KINDS = {"#": "number", "@": "time", "~": "plan", "!": "date", "^": "line"}


def _table(file: str, born: str, columns: str, **typos: str) -> Table:
    """Make a table of columns such as `order_no size# planned_on@ due!`."""
    parsed = tuple(
        Column(word.rstrip("#@~!^"), _KINDS.get(word[-1], "text")) for word in columns.split()
    )
    return Table(file, parsed, born, tuple(typos.items()))


_ALL = (
    _table(
        "mes/orders.csv",
        "planned_on",
        "order_no batch_no product product_name strength batch_size# size_unit mbr mbr_version"
        " line planned_on@ planned_start~ planned_end~ replanned_start~ released_to_floor@"
        " first_step_start@ last_step_end@ packaging_end@ aborted@ promised_release! status"
        " source_status",
    ),
    _table(
        "mes/steps.csv",
        "offered",
        "batch_no step_no seq# unit_procedure operation phase step_text kind criticality unit"
        " offered@ claimed@ paused@ resumed@ pause_reason first_input@ completed@ operator team"
        " witnessed@ witness value# value_unit low# high# capture outcome entry_recorded@"
        " done_on_paper",
        entry_recorded="entry_recoreded",
    ),
    _table(
        "mes/corrections.csv",
        "at",
        "correction_no batch_no step_no at@ by old new reason after_signoff",
    ),
    _table(
        "mes/signatures.csv",
        "signed_at",
        "signature_no batch_no step_no signer role meaning signed_at@ automated_step",
    ),
    _table(
        "mes/exceptions.csv",
        "raised",
        "exception_no batch_no step_no class code severity text raised@ raised_by answered@"
        " answered_by answer closed@ deviation_no",
    ),
    _table(
        "mes/genealogy.csv",
        "booked",
        "booking_no batch_no step_no material material_name lot_no quantity# unit booked@",
    ),
    _table("mes/yields.csv", "at", "batch_no stage theoretical# actual# unit percent# at@"),
    _table("mes/parameters.csv", "at", "batch_no name value# unit at@"),
    _table("mes/holds.csv", "held", "hold_no batch_no held@ reason by resumed@"),
    _table(
        "mes/reviews.csv",
        "at",
        "line_no^ batch_no event at@ by function reason active_minutes# value",
    ),
    _table("mes/equipment.csv", "", "equipment name class area"),
    _table(
        "mes/equipment_log.csv",
        "at",
        "line_no^ equipment event at@ batch_no by reason until~",
    ),
    _table(
        "mes/mbr_changes.csv",
        "at",
        "line_no^ mbr version product change_no event round# at@ by reason",
    ),
    _table(
        "mes/usage.csv",
        "at",
        "line_no^ at@ person role event name batch_no step_no text ref",
    ),
    _table("mes/people.csv", "", "person name role team experience_months#"),
    _table(
        "lims/samples.csv",
        "taken",
        "sample_no subject_kind subject stage plan taken@ taken_by received@ received_by",
    ),
    _table(
        "lims/results.csv",
        "started",
        "result_no sample_no subject_kind subject stage test test_name unit low# high# started@"
        " entered@ analyst value# final@ reviewer verdict supersedes",
    ),
    _table(
        "lims/oos.csv",
        "opened",
        "oos_no result_no sample_no subject test opened@ outcome decided@ reason",
    ),
    _table(
        "qms/deviations.csv",
        "recorded",
        "dev_no batch_no exception_no area process equipment occurred@ detected@ recorded@"
        " triaged@ severity rationale assigned@ owner title description root_cause_approved@"
        " root_cause category method closed@ due_first! due_current!",
    ),
    _table("qms/due_moves.csv", "moved", "line_no^ kind number moved@ by old! new! reason"),
    _table(
        "qms/capas.csv",
        "opened",
        "capa_no dev_no action owner opened@ due_first! due_current! closed@"
        " effectiveness_planned@ metric baseline# target# horizon_days# evaluated@ verdict",
    ),
    _table(
        "qms/changes.csv",
        "opened",
        "change_no title kind opened@ approved@ implemented@ closed@ mbr mbr_version",
    ),
    _table(
        "qms/complaints.csv",
        "received",
        "complaint_no batch_no product received@ category text closed@",
    ),
    _table(
        "erp/lots.tsv",
        "received",
        "lot material material_name supplier supplier_lot received! released! expiry! quantity#"
        " unit potency#",
    ),
    _table("erp/shipments.tsv", "shipped", "shipment batch_no units# shipped!"),
    _table("erp/orders.tsv", "", "order_no product quantity# unit due!"),
    _table("hr/training.csv", "at", "line_no^ person qualification subject at@ valid_until~"),
    _table("hr/shifts.csv", "start", "line_no^ person team start@ end@"),
)
TABLES = {table.file: table for table in _ALL}
"""Every file but the historian's, by path."""
