"""Opening an uploaded file: only after the check that the user sees the village."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View

from ..models import Evidence

#: Types a browser may show; the others are offered for saving.
SHOWN = ("image/jpeg", "image/png", "application/pdf")


class EvidenceFile(LoginRequiredMixin, View):
    def get(self, request, pk):
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
        return stored_file(evidence.file, name=evidence.name, content_type=evidence.content_type)


def stored_file(file, *, name: str, content_type: str) -> FileResponse:
    """The answer that hands over a stored upload; the caller has asked who may have it. Raises Http404."""
    try:
        content = file.open("rb")
    except FileNotFoundError:
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
