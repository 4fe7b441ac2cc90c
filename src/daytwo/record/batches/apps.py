"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.batches"
    label = "batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.record.batches.commands  # noqa: PLC0415
        import daytwo.record.batches.projection  # noqa: F401, PLC0415
