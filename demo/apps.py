from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "示范数据"
    default_auto_field = "django.db.models.BigAutoField"
