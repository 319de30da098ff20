"""常用筛选: kept from a list, and the page that renames and deletes them. Nobody reaches another person's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.errors import Refused
from accounts.problems import Problem
from elections.views.base import page_campaign

from ..context import current_campaign
from ..forms import SavedViewForm, ViewNameForm
from ..models import SavedView
from ..selectors.saved import PAGES, filters_of, own_links
from ..services.saved import delete_view, rename_view, save_view
from .base import Page


class SavedViewList(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        campaign = current_campaign(request)
        links = own_links(request.user, campaign.pk if campaign else None)
        return render(request, "reporting/saved_views.html", {"links": links})


class SavedViewSave(Page):
    """Back to the list with the same filters, whatever became of it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        page, form = request.POST.get("page", ""), SavedViewForm(request.POST)
        if page not in PAGES or "campaign" in form.errors:
            raise Http404
        campaign = page_campaign(request.user, form.cleaned_data["campaign"])
        query = request.POST.get("query", "")
        try:
            _check(form)
            name = form.cleaned_data["name"]
            save_view(
                page=page, campaign=campaign, name=name, query=query, by=request.user, at=self.at
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已保存常用筛选“{name}”。")
        back = reverse(page, kwargs={"pk": campaign.pk})
        return redirect(f"{back}?{filters_of(page, query) or ''}")


class SavedViewChange(Page):
    """Rename or delete."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
        action = request.POST.get("action")
        if action == "delete":
            delete_view(view=view, by=request.user)
            messages.success(request, f"已删除常用筛选“{view.name}”。")
        elif action == "rename":
            self.rename(view)
        else:
            raise Http404
        return redirect("saved_views")

    def rename(self, view: SavedView) -> None:
        form = ViewNameForm(self.request.POST)
        try:
            _check(form)
            rename_view(view=view, name=form.cleaned_data["name"], by=self.request.user)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, f"已改名为“{form.cleaned_data['name']}”。")


def _check(form: ViewNameForm) -> None:
    """Raises Refused with what is wrong with the name."""
    if "name" in form.errors:
        raise Refused(*(Problem("name", f"名称：{text}") for text in form.errors["name"]))
