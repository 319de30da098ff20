"""What every request of a signed-in user passes: idle and absolute time-out, password change at first login."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from . import services

#: The time of the last request is written at most this often, to spare a write per request.
SEEN_EVERY = timedelta(seconds=60)
STARTED, SEEN = "started_at", "seen_at"


class SessionTimeout:
    """Ends a session after SESSION_IDLE_SECONDS without a request or SESSION_MAX_SECONDS in all.

    Requests that no person made (`is_unattended`) do not count as use. After the idle time they alone are still
    answered; the first request for anything else ends the session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = timezone.now()
            if self.is_over(request, now):
                services.sign_out(user=request.user, at=now, reason="超时")
                logout(request)
                messages.warning(request, "长时间没有操作，已自动退出。请重新登录。")
                query = urlencode({"next": request.get_full_path()})
                return redirect(f"{reverse('login')}?{query}")
            self.note(request, now)
        return self.get_response(request)

    def is_over(self, request, now) -> bool:
        started = parse_datetime(request.session.get(STARTED, "") or "")
        seen = parse_datetime(request.session.get(SEEN, "") or "")
        if started is None or seen is None:
            return False
        if now - started > timedelta(seconds=settings.SESSION_MAX_SECONDS):
            return True
        is_idle = now - seen > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return is_idle and not is_unattended(request)

    def note(self, request, now) -> None:
        request.session.setdefault(STARTED, now.isoformat())
        seen = parse_datetime(request.session.get(SEEN, "") or "")
        # A clock that jumped back must not keep an old session alive.
        if seen is None or (abs(now - seen) >= SEEN_EVERY and not is_unattended(request)):
            request.session[SEEN] = now.isoformat()


def is_unattended(request) -> bool:
    """Whether the request is for a page that asks by itself and only shows: its view says `is_unattended`."""
    if request.method not in ("GET", "HEAD"):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(getattr(view, "view_class", None), "is_unattended", False)


class PasswordChangeRequired:
    """A user with a temporary password reaches nothing but the page that changes it."""

    ALLOWED = ("password_change", "logout", "healthz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match.url_name in self.ALLOWED:
            return None
        messages.info(request, "首次登录或密码已重置，请先修改密码。")
        return redirect("password_change")
