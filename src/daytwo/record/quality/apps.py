"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.record.quality.commands  # noqa: PLC0415
        import daytwo.record.quality.projection  # noqa: F401, PLC0415
