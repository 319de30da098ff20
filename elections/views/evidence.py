"""Opening an uploaded file or its small picture: only after the check that the user sees the village."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View

from .. import uploads
from ..models import Evidence

#: Types a browser may show; the others are offered for saving.
SHOWN = (*uploads.PICTURES, uploads.PDF)


class StoredFile(LoginRequiredMixin, View):
    """Every version, withdrawn ones too, for whoever sees the village."""

    def get(self, request, pk):
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
        stored, kind = self.part(evidence)
        return stored_file(stored, name=evidence.name, content_type=kind)


class EvidenceFile(StoredFile):
    def part(self, evidence: Evidence):
        return evidence.file, evidence.content_type


class EvidenceThumbnail(StoredFile):
    def part(self, evidence: Evidence):
        return evidence.thumbnail, uploads.JPEG


def stored_file(file, *, name: str, content_type: str) -> FileResponse:
    """The answer that hands over a stored upload; the caller has asked who may have it. Raises Http404."""
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError):  # lost, or there never was one
        raise Http404("文件不在存储中") from None
    response = FileResponse(
        content,
        as_attachment=content_type not in SHOWN,
        filename=name,
        content_type=content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
