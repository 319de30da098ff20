"""Pages of the three administrators: accounts, postings, audit log."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused
from accounts.models import AuditEntry, User

from .. import permissions, services
from ..filters import AuditFilter
from ..forms.administration import PostingForm, ResetPasswordForm, UserForm
from ..models import Posting

PAGE = 30


class Guarded(LoginRequiredMixin, View):
    """Signed in, then `check` (raises Forbidden)."""

    @staticmethod
    def check(user) -> None:
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.check(request.user)
        return super().dispatch(request, *args, **kwargs)

    def run(self, request, action, done: str) -> None:
        """Call a service; a refusal becomes a message."""
        try:
            action()
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)


class UserList(Guarded):
    check = staticmethod(permissions.check_can_see_accounts)

    def get(self, request):
        # PostgreSQL takes no text with a null character.
        query = request.GET.get("q", "").replace("\x00", "").strip()
        active = Posting.objects.filter(ends_on__isnull=True).select_related("jurisdiction")
        users = User.objects.prefetch_related(Prefetch("postings", active.order_by("pk")))
        if query:
            users = users.filter(name__icontains=query) | users.filter(username__icontains=query)
        page = Paginator(users.order_by("username"), PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "q": query,
            "may_manage_accounts": permissions.can_manage_accounts(request.user),
            "may_manage_postings": permissions.can_manage_postings(request.user),
            "endable": {
                posting.pk
                for user in page
                for posting in user.postings.all()
                if permissions.can_manage_postings(request.user, posting.jurisdiction)
            },
        }
        return render(request, "villages/user_list.html", context)


class UserCreate(Guarded):
    check = staticmethod(permissions.check_can_manage_accounts)

    def get(self, request):
        return self.page(request, UserForm())

    def post(self, request):
        form = UserForm(request.POST)
        if form.is_valid():
            try:
                services.open_account(**form.cleaned_data, by=request.user, at=timezone.now())
            except Refused as refusal:
                for problem in refusal.problems:
                    field = problem.code if problem.code in form.fields else None
                    form.add_error(field, problem.message)
            else:
                messages.success(
                    request, f"已建立账号“{form.cleaned_data['username']}”，请安全管理员授予岗位。"
                )
                return redirect("user_list")
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {"form": form, "title": "新建账号", "submit": "建立账号"}
        return render(request, "villages/account_form.html", context, status=status)


class UserResetPassword(Guarded):
    check = staticmethod(permissions.check_can_manage_accounts)

    def get(self, request, pk: int):
        return self.page(request, get_object_or_404(User, pk=pk), ResetPasswordForm())

    def post(self, request, pk: int):
        user = get_object_or_404(User, pk=pk)
        form = ResetPasswordForm(request.POST)
        if form.is_valid():
            try:
                services.reset_account(
                    user=user,
                    password=form.cleaned_data["password"],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error("password", str(refusal))
            else:
                messages.success(request, f"已重置{user.name}的密码，原有登录已失效。")
                return redirect("user_list")
        return self.page(request, user, form, status=422)

    def page(self, request, user, form, *, status: int = 200):
        context = {"form": form, "title": f"重置密码：{user.name}", "submit": "重置密码"}
        return render(request, "villages/account_form.html", context, status=status)


class UserSetActive(Guarded):
    """POST active=1 or 0."""

    check = staticmethod(permissions.check_can_manage_accounts)
    http_method_names = ["post"]

    def post(self, request, pk: int):
        user = get_object_or_404(User, pk=pk)
        active = {"1": True, "0": False}.get(request.POST.get("active"))
        if active is None:
            messages.error(request, "没有说明停用还是启用，账号未变：请在列表中重新选择。")
            return redirect("user_list")
        self.run(
            request,
            lambda: services.set_account_active(
                user=user, active=active, by=request.user, at=timezone.now()
            ),
            f"已{'启用' if active else '停用'}{user.name}的账号。",
        )
        return redirect("user_list")


class PostingGrant(Guarded):
    check = staticmethod(permissions.check_can_manage_postings)

    def get(self, request):
        chosen = {"user": request.GET.get("user")}
        return self.page(request, PostingForm(initial=chosen, by=request.user))

    def post(self, request):
        form = PostingForm(request.POST, by=request.user)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.grant_posting(
                    user=data["user"],
                    jurisdiction=data["code"],
                    role=data["role"],
                    title=data["title"],
                    department=data["department"],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已授予{data['user'].name}岗位。")
                return redirect("user_list")
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {"form": form, "title": "授予岗位", "submit": "授予"}
        return render(request, "villages/account_form.html", context, status=status)


class PostingEnd(Guarded):
    check = staticmethod(permissions.check_can_manage_postings)
    http_method_names = ["post"]

    def post(self, request, pk: int):
        posting = get_object_or_404(Posting.objects.visible_to(request.user), pk=pk)
        self.run(
            request,
            lambda: services.end_posting(posting=posting, by=request.user, at=timezone.now()),
            "已收回岗位，记录仍可查。",
        )
        return redirect("user_list")


class AuditList(Guarded):
    check = staticmethod(permissions.check_can_read_audit)

    def get(self, request):
        chosen = AuditFilter(request.GET, queryset=AuditEntry.objects.order_by("-at", "-pk"))
        page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        return render(request, "villages/audit_list.html", {"filter": chosen, "page": page})
