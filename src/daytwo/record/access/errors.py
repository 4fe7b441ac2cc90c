"""What access and the signature ceremony refuse, in words."""

from __future__ import annotations

from daytwo.kernel.errors import Denied, Refused


class NotPermitted(Denied):
    """The person's roles do not allow the act."""

    def __init__(self, permission: str, roles: tuple[str, ...]) -> None:
        """Name what was asked for and who may do it."""
        super().__init__(
            "access.not_permitted",
            "Your roles do not allow this. Nothing was changed."
            f" It can be done by: {', '.join(roles) or 'nobody'}.",
            {"permission": permission, "who_can": list(roles)},
        )


class NotSignedIn(Denied):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        """Ask for a sign-in."""
        super().__init__("access.not_signed_in", "Sign in to go on. Nothing was changed.")


class CredentialsRefused(Denied):
    """Identification and password do not belong together."""

    def __init__(self, *, locked: bool = False) -> None:
        """Say no more than is needed."""
        detail = (
            "This account is locked after repeated failures. An administrator can unlock it."
            if locked
            else "The password or the code is not right. Nothing was signed or changed."
        )
        super().__init__("access.locked" if locked else "access.credentials", detail)


class SignatureRefused(Refused):
    """The signature cannot be applied; the record stays as it was."""

    def __init__(self, code: str, detail: str, info: dict[str, object] | None = None) -> None:
        """Carry why."""
        super().__init__(f"signature.{code}", detail, info)


class SegregationRefused(Refused):
    """One person would hold roles, or do acts, that must be kept apart."""

    def __init__(self, code: str, detail: str) -> None:
        """Carry why."""
        super().__init__(f"segregation.{code}", detail)
