"""Django's name for governance; fills the registries at start-up."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Django's view of governance."""

    name = "daytwo.insight.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.insight.governance.commands  # noqa: PLC0415
        import daytwo.insight.governance.projection  # noqa: F401, PLC0415
