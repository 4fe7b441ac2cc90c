"""How files come in: streamed to the disk as they arrive, hashed, bounded, and for nobody else."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.utils.translation import gettext as _

from daytwo.doors.importing import LARGEST, Received
from daytwo.doors.web import visitors
from daytwo.kernel.errors import Refused
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest

SPARE = 256 * 1024**2
"""Bytes that stay free on the disk."""
FORGOTTEN_S = 24 * 3600
"""After this long a file that never arrived whole is taken away."""
PLACES = frozenset({"imports.new", "imports.add"})
"""The views that take files; sent anywhere else, files are not even read."""
_GIGABYTE = 1024**3


class Arrived(UploadedFile):
    """A file that lies in the folder of arrivals until somebody moves it; else it is deleted."""

    def __init__(self, name: str, content_type: str, folder: Path) -> None:
        """Open a file in the folder."""
        kept = tempfile.NamedTemporaryFile(suffix=".part", dir=folder)  # noqa: SIM115 - closed by the request
        super().__init__(kept, name, content_type, 0)
        self.hash = hashlib.sha256()

    @property
    def path(self) -> Path:
        """Return where it lies."""
        return Path(cast("Any", self.file).name)

    def close(self) -> None:
        """Close and delete it, unless it was moved away."""
        with suppress(FileNotFoundError):
            super().close()


class Receiver(FileUploadHandler):
    """Django's upload handler of this door, the only one.

    It runs before the form's token is checked, so it asks by itself who sends: the session's
    person must have the right to import, and the address must be one that takes files.
    """

    chunk_size = 1024 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        """Begin with nothing received."""
        super().__init__(request)
        self.total = 0
        self.arriving: Arrived | None = None

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - Django's form
        META: Any,  # noqa: ARG002, N803 - Django's form
        content_length: int,
        boundary: Any,  # noqa: ARG002 - Django's form
        encoding: str | None = None,  # noqa: ARG002 - Django's form
    ) -> None:
        """Refuse what is too large before a byte of it is read."""
        if content_length > LARGEST + self.chunk_size:
            self._refuse("large")
        elif content_length > _free():
            self._refuse("disk")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a place for a file, if its sender may bring one."""
        super().new_file(*args, **kwargs)
        if not _may(self.request) or refusal(self.request):
            raise StopUpload(connection_reset=True)
        self.arriving = Arrived(str(self.file_name), str(self.content_type or ""), arrivals())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's form
        """Write what came."""
        if self.arriving is None:
            return
        self.total += len(raw_data)
        if self.total > LARGEST:
            self._refuse("large")
            self.arriving.close()
            self.arriving = None
            raise SkipFile
        self.arriving.write(raw_data)
        self.arriving.hash.update(raw_data)

    def file_complete(self, file_size: int) -> Arrived | None:
        """Hand over a file that is whole."""
        whole, self.arriving = self.arriving, None
        if whole is not None:
            whole.flush()
            whole.seek(0)
            whole.size = file_size
        return whole

    def upload_interrupted(self) -> None:
        """Let go of a file of which the rest will not come."""
        if self.arriving is not None:
            self.arriving.close()

    def _refuse(self, why: str) -> None:
        self.request.upload_refused = why  # type: ignore[union-attr]


def received(request: HttpRequest) -> list[Received]:
    """Return the files that came with a form.

    Raises:
        Refused: They were too large for this site or its disk; none was kept.
    """
    files = [one for one in request.FILES.getlist("files") if isinstance(one, Arrived)]
    why = refusal(request)
    if why == "disk":
        raise Refused(
            "import.disk_full",
            _("The disk has no room for these files. None of them was kept."),
            {"todo": _("Discard uploads that are done, or ask who runs the server.")},
        )
    if why:
        raise Refused(
            "import.too_large",
            _("Together the files are larger than %(n)s GB. None of them was kept.")
            % {"n": LARGEST // _GIGABYTE},
            {"todo": _("Send them in parts, or import at the command line.")},
        )
    return [
        Received(str(one.name), one.path, one.hash.hexdigest(), int(one.size or 0)) for one in files
    ]


def refusal(request: HttpRequest | None) -> str:
    """Return why the files of a request were not taken: `large`, `disk`; empty when they were."""
    return str(getattr(request, "upload_refused", ""))


def arrivals() -> Path:
    """Return the folder where files arrive, without those that were forgotten there."""
    folder = Path(settings.DATA_DIR) / "uploads" / "arriving"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    long_ago = time.time() - FORGOTTEN_S
    for path in folder.glob("*.part"):
        with suppress(OSError):
            if path.stat().st_mtime < long_ago:
                path.unlink()
    return folder


def _free() -> int:
    return shutil.disk_usage(arrivals()).free - SPARE


def _may(request: HttpRequest | None) -> bool:
    if request is None:
        return False
    visitor = visitors.of(request)
    match = request.resolver_match
    at_the_place = match is not None and match.url_name in PLACES
    return at_the_place and visitor is not None and visitor.may(Permission.IMPORT_RUN)
