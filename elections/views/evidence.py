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
        try:
            content = stored.open("rb")
        except (FileNotFoundError, ValueError):  # lost, or there never was one
            raise Http404("文件不在存储中") from None
        response = FileResponse(
            content,
            as_attachment=kind not in SHOWN,
            filename=evidence.name,
            content_type=kind,
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


class EvidenceFile(StoredFile):
    def part(self, evidence: Evidence):
        return evidence.file, evidence.content_type


class EvidenceThumbnail(StoredFile):
    def part(self, evidence: Evidence):
        return evidence.thumbnail, uploads.JPEG
