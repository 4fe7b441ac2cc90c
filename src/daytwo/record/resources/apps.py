"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.resources"
    label = "resources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.record.resources.commands  # noqa: PLC0415
        import daytwo.record.resources.projection  # noqa: F401, PLC0415
