"""Django's name for this capability."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger."""

    name = "daytwo.record.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the projection of import runs."""
        from daytwo.record.ledger import projection  # noqa: F401, PLC0415
