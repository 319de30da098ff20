"""A page with several forms: GET shows it, POST with `action` runs one form through one service."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Conflict, Refused


class FormsPage(View):
    """A subclass sets `template_name` and `action_forms` (action → form class), and defines `load(pk)` (404 and 403),
    `context()`, `save_<action>(form)` that calls one service, and maybe `form_kwargs(action)`."""

    template_name: str
    action_forms: dict[str, type] = {}

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        self.bound: dict[str, object] = {}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        self.check_may_write()
        action = request.POST.get("action", "")
        if action not in self.action_forms:
            messages.error(request, "页面已更新，请核对后重新操作。")
            return redirect(request.get_full_path())
        form = self.build(action, request.POST, request.FILES)
        self.bound[action] = form
        if not form.is_valid():
            return self.page(status=422)
        try:
            done = getattr(self, f"save_{action}")(form)
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, done)
        return redirect(self.done_url())

    def done_url(self) -> str:
        """Where to after a form was taken: the page itself."""
        return self.request.get_full_path()

    def check_may_write(self) -> None:
        """Raises Forbidden before any form is read."""

    def build(self, action: str, *data):
        return self.action_forms[action](*data, auto_id=f"{action}_%s", **self.form_kwargs(action))

    def form_kwargs(self, action: str) -> dict:
        return {}

    def context(self) -> dict:
        return {}

    def refusals(self) -> list[str]:
        """What the form just sent was refused for."""
        return [
            message if field == "__all__" else f"{form.fields[field].label or field}：{message}"
            for form in self.bound.values()
            for field, found in form.errors.items()
            for message in found
        ]

    def page(self, *, status: int = 200) -> HttpResponse:
        built = {name: self.bound.get(name) or self.build(name) for name in self.action_forms}
        context = {"forms": built, "refusals": self.refusals(), **self.context()}
        return render(self.request, self.template_name, context, status=status)
