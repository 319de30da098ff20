from django.apps import AppConfig


class GroundworkConfig(AppConfig):
    name = "groundwork"
    verbose_name = "基础工作"
    default_auto_field = "django.db.models.BigAutoField"
