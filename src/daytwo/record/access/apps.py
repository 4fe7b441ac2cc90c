"""Django's name for this capability; fills the projection registry at start-up."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """People and signatures."""

    name = "daytwo.record.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the projection and the commands."""
        import daytwo.record.access.commands  # noqa: PLC0415
        import daytwo.record.access.projection  # noqa: F401, PLC0415
