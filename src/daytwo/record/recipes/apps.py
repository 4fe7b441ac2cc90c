"""Django's name for this capability; fills the registries at start-up."""

from django.apps import AppConfig


class RecipesConfig(AppConfig):
    """Django's view of the capability."""

    name = "daytwo.record.recipes"
    label = "recipes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register projections and commands."""
        import daytwo.record.recipes.commands  # noqa: PLC0415
        import daytwo.record.recipes.projection  # noqa: F401, PLC0415
