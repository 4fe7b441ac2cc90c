"""The error families of the house: who is at fault decides the family, the code names the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class DaytwoError(Exception):
    """Root of every error that the house raises on purpose.

    Attributes:
        code: Stable dotted name of the case (`quantity.dimension`), for programs and translators.
        detail: One or two sentences for a person: what happened, what was kept, what to do.
        info: Facts of this case by name (what is missing, who can help), for templates and APIs.
    """

    def __init__(self, code: str, detail: str, info: Mapping[str, object] | None = None) -> None:
        """Keep all three arguments in `args` as well, so that the error can be pickled."""
        self.code = code
        self.detail = detail
        self.info: dict[str, object] = dict(info or {})
        super().__init__(code, detail, self.info)

    def __str__(self) -> str:
        """Return the sentence for people."""
        return self.detail


class Refused(DaytwoError):  # noqa: N818 - named as the house speaks: a rule said no
    """A rule said no: expected, nothing was changed; `info` says what is missing, who can help."""


class Denied(DaytwoError):  # noqa: N818 - named as the house speaks: it is about who you are
    """The person, role or session may not do this."""


class Unknown(DaytwoError):  # noqa: N818 - named as the house speaks: there is no such thing
    """The thing asked for does not exist, or not for this person."""


class Fault(DaytwoError):  # noqa: N818 - named as the house speaks: ours, or a dependency's
    """Our own bug or a dead dependency: nothing the person did, nothing the person can mend."""


class Tampered(DaytwoError):  # noqa: N818 - named as the house speaks: the record does not verify
    """Stored data does not agree with its hash, chain, signature or checkpoint."""


class ConnectorError(DaytwoError):
    """A plant or IT system refused, answered nonsense, or could not be reached.

    Attributes:
        permanent: True when trying again cannot help (malformed message: set it aside);
            False when it may (outage: retry).
    """

    def __init__(
        self,
        code: str,
        detail: str,
        info: Mapping[str, object] | None = None,
        *,
        permanent: bool,
    ) -> None:
        """Take what every house error takes, and whether a retry is pointless."""
        super().__init__(code, detail, info)
        self.permanent = permanent

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild with the keyword argument, which `Exception` alone would lose."""
        return _connector_error, (self.code, self.detail, self.info, self.permanent)


def _connector_error(
    code: str,
    detail: str,
    info: Mapping[str, object],
    permanent: bool,  # noqa: FBT001 - pickle passes positions only
) -> ConnectorError:
    return ConnectorError(code, detail, info, permanent=permanent)
