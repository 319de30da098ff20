from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = "信访舆情"
    default_auto_field = "django.db.models.BigAutoField"
