"""All URLs: the readiness page and those of each app, from the top of the house down."""

from django.conf import settings
from django.urls import include, path

from .gallery import gallery
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

if settings.SHOW_GALLERY:
    urlpatterns.append(path("gallery/", gallery, name="gallery"))
