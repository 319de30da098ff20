"""A page about one thing: GET reads, POST with `action` runs one form and redirects back, or shows it again (422)."""

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View

from accounts.errors import Refused


class ActionPage(LoginRequiredMixin, View):
    """A subclass names its `FORMS` (action → form class) and defines `load(pk)`, `check()` (who may write), `page(status)`
    and, for each action, `save_<action>(form)`, which calls one service and answers with what to say."""

    FORMS: dict[str, type[forms.Form]] = {}

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.bound: dict[str, forms.Form] = {}

    def load(self, pk: int) -> None:
        raise NotImplementedError

    def check(self) -> None:
        raise NotImplementedError

    def page(self, status: int = 200) -> HttpResponse:
        raise NotImplementedError

    def form_kwargs(self, action: str) -> dict:
        return {}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        self.check()
        action = request.POST.get("action", "")
        if action not in self.FORMS:
            messages.error(request, "页面已更新，请核对后重新操作。")
            return redirect(request.path)
        form = self.FORMS[action](
            request.POST, request.FILES, auto_id=f"{action}_%s", **self.form_kwargs(action)
        )
        self.bound[action] = form
        if not form.is_valid():
            return self.page(422)
        try:
            done = getattr(self, f"save_{action}")(form)
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(422)
        messages.success(request, done)
        return redirect(request.path)

    def shown_form(self, action: str, initial: dict | None = None) -> forms.Form:
        """The form just refused, else a fresh one."""
        if action in self.bound:
            return self.bound[action]
        return self.FORMS[action](
            auto_id=f"{action}_%s", initial=initial, **self.form_kwargs(action)
        )

    def refusals(self) -> list[str]:
        """What the form just sent was refused for, shown at the top."""
        return [
            message if name == "__all__" else f"{form.fields[name].label}：{message}"
            for form in self.bound.values()
            for name, found in form.errors.items()
            for message in found
        ]
