"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.batches"
    label = "batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        from daytwo.record.batches import commands, projection  # noqa: F401, PLC0415
