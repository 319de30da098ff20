"""Signing in and out, and one's own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache

from . import services
from .errors import Refused
from .forms import LoginForm, PasswordChangeForm


@method_decorator(never_cache, name="dispatch")
class Login(View):
    template_name = "accounts/login.html"

    def get(self, request):
        if request.user.is_authenticated:
            return redirect(self.target(request))
        return self.page(request, LoginForm())

    def post(self, request):
        form = LoginForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            user = services.sign_in(
                request=request,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(request, form, status=422)
        login(request, user)
        return redirect(self.target(request))

    def page(self, request, form, *, status: int = 200):
        context = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
        return render(request, self.template_name, context, status=status)

    def target(self, request) -> str:
        """Where to go next, on this site only."""
        wanted = request.POST.get("next", request.GET.get("next", ""))
        if url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return wanted
        return resolve_url(settings.LOGIN_REDIRECT_URL)


class Logout(View):
    http_method_names = ["post"]

    def post(self, request):
        if request.user.is_authenticated:
            services.sign_out(user=request.user, at=timezone.now())
        logout(request)
        messages.success(request, "已退出。")
        return redirect("login")


class PasswordChange(LoginRequiredMixin, View):
    template_name = "accounts/password_change.html"

    def get(self, request):
        return render(request, self.template_name, {"form": PasswordChangeForm()})

    def post(self, request):
        form = PasswordChangeForm(request.POST)
        if form.is_valid():
            try:
                user = services.change_password(
                    user=request.user,
                    old=form.cleaned_data["old"],
                    new=form.cleaned_data["new"],
                    at=timezone.now(),
                )
            except Refused as refusal:
                for problem in refusal.problems:
                    field = "old" if problem.code == "old_password" else "new"
                    form.add_error(field, problem.message)
            else:
                update_session_auth_hash(request, user)
                messages.success(request, "密码已修改。")
                return redirect(settings.LOGIN_REDIRECT_URL)
        return render(request, self.template_name, {"form": form}, status=422)
