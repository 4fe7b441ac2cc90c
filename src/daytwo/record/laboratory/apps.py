"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.laboratory"
    label = "laboratory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.record.laboratory.events  # noqa: PLC0415
        import daytwo.record.laboratory.projection  # noqa: F401, PLC0415
