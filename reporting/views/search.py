"""查找: villages and people by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from villages.identity import is_whole

from ..context import current_campaign
from ..forms import SearchForm
from ..selectors.village import search
from .base import Page


class SearchPage(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.GET if "q" in request.GET else None)
        name = form.cleaned_data["q"] if form.is_valid() else ""
        # A number typed here by mistake is neither looked up nor shown again.
        is_number = is_whole(name)
        name = "" if is_number else name
        found = search(request.user, current_campaign(request), name) if name else None
        context = {"form": form, "name": name, "found": found, "is_number": is_number}
        return render(request, "reporting/search.html", context)
