"""The desk itself: what the pages ask, handed to the modules that do it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk import doing, form, kinds, store, texts, work
from daytwo.doors.connectors.desk.columns import one_example
from daytwo.doors.connectors.desk.look import SUFFIXES, look
from daytwo.doors.connectors.desk.recordforms import add_record, remove_record
from daytwo.doors.connectors.desk.yamltext import dump
from daytwo.doors.connectors.tables.loading import schema
from daytwo.doors.importing import (
    ColumnForm,
    ColumnLook,
    FileLook,
    Judged,
    Kind,
    MappingForm,
    Preview,
    Progress,
    Reading,
    Received,
    Start,
    Upload,
)
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.record.ledger.envelope import Actor

NEW = "new"
REHEARSAL, RUN = "rehearsal", "run"
_PLACE = re.compile(r"\{[a-z0-9_]+\}")
"""What a file's name tells, such as `press_{batch}.csv`."""


class ConnectorsDesk:
    """What `daytwo.doors.importing.Desk` asks for; its methods are described there."""

    def uploads(self) -> list[Upload]:
        """Return every upload, the latest first."""
        return store.uploads()

    def upload(self, upload_id: str) -> Upload:
        """Return one upload."""
        return store.upload(upload_id)

    def take_in(self, who: Actor, files: Sequence[Received]) -> Upload:
        """Begin an upload."""
        return store.take_in(who, files)

    def add(self, upload_id: str, files: Sequence[Received]) -> Upload:
        """Add files to an upload."""
        self._free(upload_id)
        return store.add(upload_id, files)

    def remove(self, upload_id: str, name: str) -> None:
        """Take a file out of an upload."""
        self._free(upload_id)
        store.remove(upload_id, name)

    def discard(self, upload_id: str) -> None:
        """Delete an upload's files."""
        self._free(upload_id)
        store.discard(upload_id)

    def suffixes(self) -> tuple[str, ...]:
        """Return the ends of file names that can be read."""
        return SUFFIXES

    def encodings(self) -> tuple[str, ...]:
        """Return the encodings that a mapping may declare."""
        return tuple(schema()["$defs"]["file"]["properties"]["encoding"]["enum"])

    def look(self, upload_id: str, name: str, reading: Reading | None = None) -> FileLook:
        """Look into a file."""
        file = store.find(upload_id, name)
        return look(store.files_of(upload_id) / file.name, file, reading)

    def confirm(self, upload_id: str, name: str, reading: Reading | None) -> None:
        """Note how a person says that a file is read."""
        store.confirm(upload_id, name, reading)

    def starts(self) -> list[Start]:
        """Return the mappings to begin from."""
        return texts.starts()

    def begin(self, upload_id: str, key: str, about: Mapping[str, str]) -> None:
        """Begin the mapping: from one that stands, or a new one of the confirmed files."""
        self._free(upload_id)
        if key == NEW:
            looks = [self.look(upload_id, file.name) for file in store.upload(upload_id).files]
            text = texts.fresh(looks, about)
        else:
            text = texts.text_of(key)
        texts.write(upload_id, text)
        store.started(upload_id, key)

    def text(self, upload_id: str) -> str:
        """Return the mapping text."""
        return texts.text(upload_id)

    def write(self, upload_id: str, text: str) -> None:
        """Keep the mapping text."""
        self._free(upload_id)
        texts.write(upload_id, text)

    def judge(self, upload_id: str) -> Judged:
        """Judge the mapping text."""
        return texts.judge(upload_id)

    def numbered(self, upload_id: str) -> Judged:
        """Give the mapping text a version that is free."""
        self._free(upload_id)
        return texts.numbered(upload_id)

    def form(self, upload_id: str, index: int) -> MappingForm:
        """Return the mapping as a form that shows one of its files."""
        return form.mapping_form(texts.text(upload_id), index, partial(self._found, upload_id))

    def fill(self, upload_id: str, index: int, given: Mapping[str, str]) -> None:
        """Write the form into the mapping text."""
        found = partial(self._found, upload_id)
        data = form.filled(texts.text(upload_id), index, given, found)
        if data is None:
            raise Refused("import.mapping_broken", form.BROKEN)
        self.write(upload_id, dump(data))

    def kinds(self, query: str) -> list[Kind]:
        """Return what a row can make."""
        return kinds.kinds(query)

    def add_record(self, upload_id: str, index: int, make: str) -> None:
        """Add a record of a kind to a file's part."""
        data, entry = self._entry(upload_id, index)
        add_record(entry, make)
        self.write(upload_id, dump(data))

    def remove_record(self, upload_id: str, index: int, record: int) -> None:
        """Take a record out of a file's part."""
        data, entry = self._entry(upload_id, index)
        remove_record(entry, record)
        self.write(upload_id, dump(data))

    def examples(self, upload_id: str, index: int, given: Mapping[str, str]) -> ColumnForm:
        """Return a column as it stands in the form, with how its first values would be read."""
        data, entry = self._entry(upload_id, index)
        found = self._found(upload_id, entry)[1]
        text = given.get("column", "")
        column = int(text) if text.isdecimal() else 0
        return one_example(data, entry, column, given, found)

    def rehearse(self, upload_id: str, who: Actor, *, patience: float = 0.0) -> Progress:
        """Start a rehearsal."""
        state = self._state(upload_id, REHEARSAL, who)
        return work.start(upload_id, state, partial(doing.rehearse, upload_id), patience)

    def run(self, upload_id: str, who: Actor, *, patience: float = 0.0) -> Progress:
        """Start a run of a mapping that was rehearsed and stands on the record."""
        judged = texts.judge(upload_id)
        if not judged.saved:
            raise Refused(
                "import.mapping_unsaved",
                "This mapping is not on the record yet. Nothing was started.",
                {"todo": "Save it, then run it."},
            )
        if self.preview(upload_id) is None:
            raise Refused(
                "import.not_rehearsed",
                "These files were not previewed with this mapping. Nothing was started.",
                {"todo": "Preview it, then run it."},
            )
        state = self._state(upload_id, RUN, who)
        return work.start(upload_id, state, partial(doing.run, upload_id, who), patience)

    def stop(self, upload_id: str) -> None:
        """Ask the work on an upload to stop."""
        work.stop(upload_id)

    def progress(self, upload_id: str, kind: str) -> Progress | None:
        """Return how far the last rehearsal or run is."""
        return work.progress(upload_id, kind)

    def preview(self, upload_id: str) -> Preview | None:
        """Return what the last rehearsal found; None when it was of another text or other files."""
        found = doing.preview(upload_id)
        if found is None:
            return None
        kept, of = found
        return kept if of == doing.state_of(upload_id) else None

    def remarks(self, upload_id: str) -> list[dict[str, Any]]:
        """Return everything that was set aside or warned of."""
        return doing.remarks(upload_id)

    def busy(self) -> str:
        """Return the upload that is worked on."""
        return work.busy()

    def _state(self, upload_id: str, kind: str, who: Actor) -> Progress:
        judged = texts.judge(upload_id)
        if judged.issues:
            raise Refused(
                "import.mapping",
                "The mapping has problems. Nothing was started.",
                {"todo": "Mend them, then try again."},
            )
        return Progress(
            kind=kind,
            state="running",
            by_name=who.name,
            mapping=f"{judged.id} v{judged.version}",
            mapping_sha256=judged.sha256,
        )

    def _entry(self, upload_id: str, index: int) -> tuple[dict[str, Any], dict[str, Any]]:
        data = form.readable(texts.text(upload_id))
        if data is None or index >= len(data["files"]):
            raise Refused("import.mapping_broken", form.BROKEN)
        return data, data["files"][index]

    def _found(self, upload_id: str, entry: Mapping[str, Any]) -> tuple[str, Sequence[ColumnLook]]:
        """Return the first file of the upload that a part of a mapping fits, and its columns."""
        reading = form.reading_of(entry)
        usable = reading.encoding in self.encodings() and len(reading.delimiter) == 1
        for file in store.upload(upload_id).files:
            if fnmatchcase(file.name, _PLACE.sub("*", str(entry.get("path", "")))):
                path = store.files_of(upload_id) / file.name
                seen = look(path, file, reading if usable else None)
                return file.name, seen.parts[0].columns if seen.parts else ()
        return "", ()

    def _free(self, upload_id: str) -> None:
        if work.busy() == upload_id:
            raise Refused(
                "import.busy_here",
                "These files are being read right now. Nothing was changed.",
                {"todo": "Wait until that is done, or stop it first."},
            )


DESK = ConnectorsDesk()
