"""All URLs: the readiness page and those of each app, from the top of the house down."""

from django.urls import include, path

from .health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("reporting.urls")),
    path("", include("complaints.urls")),
    path("", include("candidates.urls")),
    path("", include("groundwork.urls")),
    path("", include("elections.urls")),
    path("", include("villages.urls")),
    path("", include("accounts.urls")),
]
