from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "elections"
    verbose_name = "换届程序"
    default_auto_field = "django.db.models.BigAutoField"
