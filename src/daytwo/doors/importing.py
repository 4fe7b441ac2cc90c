"""What the import pages ask of the connectors: values that cross, and who answers, by `config`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from daytwo.record.ledger.envelope import Actor

LARGEST = 4 * 1024**3
"""Bytes of one upload, all its files together."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in and lies on this disk.

    Attributes:
        name: As the sender called it: not to be trusted.
        path: Where it lies; it is moved from there.
        sha256: Over its bytes.
        size: In bytes.
    """

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How a delimited file is read: proposed by the desk, declared by a person."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of an upload.

    Attributes:
        name: Under which it is kept; made of plain signs.
        given: As the sender called it.
        sha256: Over its bytes.
        size: In bytes.
        reading: As a person confirmed it; None before that, and for formats that need none.
        confirmed: True once a person has looked at it and said so.
    """

    name: str
    given: str
    sha256: str
    size: int
    reading: Reading | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """Files on their way into the record, kept until they are discarded.

    Attributes:
        id: Its name.
        by: The person who brought them.
        by_name: That person's printed name.
        at: When, UTC text.
        files: In the order of their names.
        start: What the mapping was begun from: `shipped:tablets`, `saved:north:3`, `new`; empty
            before.
        has_mapping: True once there is a mapping text.
    """

    id: str
    by: str
    by_name: str
    at: str
    files: tuple[Stored, ...]
    start: str = ""
    has_mapping: bool = False


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """A column of a file as it was found.

    Attributes:
        header: Its heading.
        samples: Its first different values.
        blanks: Rows without a value, of those that were looked at.
        kind: `text`, `number`, `integer`, `date` or `empty`: what its values look like.
        forms: For dates: the formats that fit every value; more than one leaves a doubt.
    """

    header: str
    samples: tuple[str, ...]
    blanks: int
    kind: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartLook:
    """A table inside a file.

    Attributes:
        name: By which a mapping names it; empty where a file is one table.
        columns: Left to right.
        rows: Rows that were looked at.
        whole: True when there are no more.
    """

    name: str
    columns: tuple[ColumnLook, ...]
    rows: int
    whole: bool


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a look into a file showed; nothing of it counts before a person confirms it.

    Attributes:
        file: The file.
        format: Its format's title.
        reading: How it was read for this look; None for a format that needs none.
        why: Why that encoding is proposed: `bom`, `ascii`, `utf-8`, `bytes`; empty when declared.
        parts: Its tables.
        problem: Why it could not be read; empty when it could.
    """

    file: Stored
    format: str
    reading: Reading | None
    why: str
    parts: tuple[PartLook, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to mend: its place, what is wrong, its line in the text (0: none)."""

    where: str
    what: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A mapping text as it was judged.

    Attributes:
        issues: Everything to mend; none: it can be used.
        id: The mapping's name; empty when the text does not say.
        version: Its version; 0 when the text does not say.
        title: For people.
        system: The source system.
        sha256: Over the text.
        saved: The version on the record that has this very text; 0 when none has.
        latest: The latest version on the record under this name; 0 when there is none.
    """

    issues: tuple[Issue, ...]
    id: str = ""
    version: int = 0
    title: str = ""
    system: str = ""
    sha256: str = ""
    saved: int = 0
    latest: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rehearsal or a run is.

    Attributes:
        kind: `rehearsal` or `run`.
        state: `running`, `done`, `failed`, `stopped` (by a person) or `interrupted` (the server
            ended while it ran).
        done: Rows that are done.
        of: Lines there are: the most rows that can come.
        events: Events appended; in a rehearsal, that would be.
        started_at: UTC text.
        seconds: It has taken so far.
        seconds_left: What the rest will take at this pace; None while that is unknown.
        by_name: Who started it.
        mapping: Mapping and version.
        mapping_sha256: Of its text.
        problem: Why it failed, in words.
        code: The stable code of that case.
        issues: What to mend.
        run_seq: The event of a run that ended.
    """

    kind: str
    state: str
    done: int = 0
    of: int = 0
    events: int = 0
    started_at: str = ""
    seconds: float = 0.0
    seconds_left: float | None = None
    by_name: str = ""
    mapping: str = ""
    mapping_sha256: str = ""
    problem: str = ""
    code: str = ""
    issues: tuple[Issue, ...] = ()
    run_seq: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """An event that a row makes, in words.

    Attributes:
        kind: `batch`, `lot`, ... or the event's name.
        event: The event's name.
        stream: Where it would be appended.
        when: When it happened, UTC text; empty: it counts from its import.
        fields: Its fields and their values.
        by: Who did it, as the source says.
        status: `made`, `already` or `refused`.
    """

    kind: str
    event: str
    stream: str
    when: str
    fields: tuple[tuple[str, str], ...]
    by: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class RowShown:
    """One of the first rows.

    Attributes:
        file: Its file.
        row: Its place in it.
        fate: `made`, `already`, `joined`, `passed over`, `repeated` or `set aside`.
        made: What it makes.
        remarks: What was wrong or implausible with it.
    """

    file: str
    row: int
    fate: str
    made: tuple[Made, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rehearsal found.

    Attributes:
        rows: The first rows of each file.
        totals: The reconciliation, as `daytwo import --dry-run --json` prints it.
    """

    rows: tuple[RowShown, ...]
    totals: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Start:
    """A mapping to begin from: shipped with the system, or a version on the record."""

    key: str
    title: str
    system: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """How a value would be read: `fault` is empty when it can be."""

    raw: str
    read: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that a row can make.

    Attributes:
        make: What the mapping says: a word of its own, or an event's name.
        meaning: In one sentence.
        capability: Part of the record that it belongs to.
        event: The event that is appended.
    """

    make: str
    meaning: str
    capability: str
    event: str


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One field of a record in the form.

    Attributes:
        name: In the mapping.
        key: Its control's name.
        meaning: In a sentence; may be empty.
        takes: `text`, `date`, `number`, `choice`, `lines` or `flag`.
        required: The record cannot be made without it.
        value: As the mapping has it.
        options: For `choice`: what may stand.
        unit: For a quantity with a unit of its own: the unit's text.
        has_unit: True where such a unit may stand.
    """

    name: str
    key: str
    meaning: str
    takes: str
    required: bool
    value: str = ""
    options: tuple[str, ...] = ()
    unit: str = ""
    has_unit: bool = False


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What a row makes, in the form."""

    index: int
    make: str
    event: str
    meaning: str
    fields: tuple[FieldForm, ...]


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """A column of a file in the form.

    Attributes:
        index: Its place, from 0.
        header: As it stands in the file; empty for one that the file lacks.
        samples: Its first different values.
        blanks: Rows without a value, of those that were looked at.
        state: `read`, `ignored` or `open` (nobody has decided yet).
        name: In the mapping.
        kind: `text`, `number`, `integer` or `date`.
        form: Of a date.
        unit: Of a number.
        values: The value map applied first.
        months: The value map of month names.
        required: A row without it is set aside.
        key: It identifies a row.
        why: Why it is not read.
        used: Something is made of it.
        examples: How its first values are read.
    """

    index: int
    header: str
    samples: tuple[str, ...] = ()
    blanks: int = 0
    state: str = "open"
    name: str = ""
    kind: str = "text"
    form: str = ""
    unit: str = ""
    values: str = ""
    months: str = ""
    required: bool = False
    key: bool = False
    why: str = ""
    used: bool = False
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class FileForm:
    """A file of the mapping in the form.

    Attributes:
        index: Its place in the mapping, from 0.
        name: In the mapping.
        path: The pattern of its file name.
        found: The file of the upload that it fits; empty when none does.
        reading: How it is read; None for a format that needs none.
        thousands: Mark between groups of digits.
        blanks: Texts that mean no value, one a line.
        columns: As the file has them, then those that it lacks.
        records: What a row makes.
        beyond: What this part of the mapping says besides, in words: it stays in the text.
    """

    index: int
    name: str
    path: str
    found: str
    reading: Reading | None
    thousands: str = ""
    blanks: str = ""
    columns: tuple[ColumnForm, ...] = ()
    records: tuple[RecordForm, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingForm:
    """A mapping as a form.

    Attributes:
        about: `id`, `title`, `system`, `site`, `time_zone`.
        files: Names of the mapping's files, in reading order.
        file: The one that is shown; None when the text is too broken to show any.
        value_maps: By name, each `source = meaning`, one a line.
        remarks: Lines of comment in the text: they are lost when the form writes it.
        makes: A row of some file makes something.
        broken: Why the text cannot be shown as a form; empty when it can.
    """

    about: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    file: FileForm | None = None
    value_maps: Mapping[str, str] = field(default_factory=dict)
    remarks: int = 0
    makes: bool = False
    broken: str = ""


class Desk(Protocol):
    """Where files are taken in, looked at, mapped, rehearsed and run."""

    def uploads(self) -> list[Upload]: ...
    def upload(self, upload_id: str) -> Upload: ...
    def take_in(self, who: Actor, files: Sequence[Received]) -> Upload: ...
    def add(self, upload_id: str, files: Sequence[Received]) -> Upload: ...
    def remove(self, upload_id: str, name: str) -> None: ...
    def discard(self, upload_id: str) -> None: ...
    def suffixes(self) -> tuple[str, ...]: ...
    def encodings(self) -> tuple[str, ...]: ...
    def look(self, upload_id: str, name: str, reading: Reading | None = None) -> FileLook: ...
    def confirm(self, upload_id: str, name: str, reading: Reading | None) -> None: ...
    def starts(self) -> list[Start]: ...
    def begin(self, upload_id: str, key: str, about: Mapping[str, str]) -> None: ...
    def text(self, upload_id: str) -> str: ...
    def write(self, upload_id: str, text: str) -> None: ...
    def judge(self, upload_id: str) -> Judged: ...
    def numbered(self, upload_id: str) -> Judged: ...
    def form(self, upload_id: str, index: int) -> MappingForm: ...
    def fill(self, upload_id: str, index: int, given: Mapping[str, str]) -> None: ...
    def kinds(self, query: str) -> list[Kind]: ...
    def add_record(self, upload_id: str, index: int, make: str) -> None: ...
    def remove_record(self, upload_id: str, index: int, record: int) -> None: ...
    def examples(self, upload_id: str, index: int, given: Mapping[str, str]) -> ColumnForm: ...
    def rehearse(self, upload_id: str, who: Actor, *, patience: float = 0.0) -> Progress: ...
    def run(self, upload_id: str, who: Actor, *, patience: float = 0.0) -> Progress: ...
    def stop(self, upload_id: str) -> None: ...
    def progress(self, upload_id: str, kind: str) -> Progress | None: ...
    def preview(self, upload_id: str) -> Preview | None: ...
    def remarks(self, upload_id: str) -> list[dict[str, Any]]: ...
    def busy(self) -> str: ...


def desk() -> Desk:
    """Return the desk that `config` names: doors do not import each other."""
    return cast("Desk", import_string(settings.IMPORT_DESK))
