"""Django's name for this capability."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger."""

    name = "daytwo.record.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the projection of import runs, and hold what threads open."""
        from django.db.backends.signals import connection_created  # noqa: PLC0415 - after setup

        from daytwo.record.ledger import projection  # noqa: F401, PLC0415
        from daytwo.record.ledger.holding import hold  # noqa: PLC0415

        connection_created.connect(hold)
