"""The members' roster of one village."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused

from .. import permissions, services
from ..filters import MemberFilter
from ..forms import MemberForm, MemberLeaveForm
from ..models import PartyMember, Village
from ..scoping import MEMBER_READERS, area_q

PAGE = 30


def readable_villages(user):
    """Villages whose members the user may read."""
    return Village.objects.filter(area_q(user, roles=MEMBER_READERS)).select_related("township")


class MemberList(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        village = get_object_or_404(readable_villages(request.user), pk=pk)
        members = (
            PartyMember.objects.visible_to(request.user)
            .filter(village=village)
            .prefetch_related("posts")
            # PostgreSQL would put those who left before everybody else.
            .order_by(F("left_on").asc(nulls_first=True), "pk")
        )
        chosen = MemberFilter(request.GET, queryset=members)
        page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        for member in page:
            held = [p.get_post_display() for p in member.posts.all() if p.ended_on is None]
            member.posts_now = "、".join(held)
        context = {
            "village": village,
            "filter": chosen,
            "page": page,
            "may_edit": permissions.can_edit_roster(request.user, village),
        }
        return render(request, "villages/member_list.html", context)


class MemberCreate(LoginRequiredMixin, View):
    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.village = get_object_or_404(readable_villages(request.user), pk=pk)
        permissions.check_can_edit_roster(request.user, self.village)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(request, MemberForm())

    def post(self, request):
        form = MemberForm(request.POST)
        if form.is_valid():
            at = timezone.now()
            post = form.cleaned_data["post"]
            posts = [(post, form.cleaned_data["post_since"])] if post else []
            try:
                services.add_members(
                    village=self.village,
                    members=[{**form.facts(), "posts": posts}],
                    by=request.user,
                    at=at,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已登记{form.cleaned_data['name']}。")
                return redirect("member_list", pk=self.village.pk)
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {"village": self.village, "form": form, "member": None}
        return render(request, "villages/member_form.html", context, status=status)


def stored_form(member: PartyMember) -> MemberForm:
    """The form of corrections as it opens."""
    held = member.posts.filter(ended_on__isnull=True).first()
    initial = {"post": held.post, "post_since": held.started_on} if held else {}
    return MemberForm(instance=member, initial=initial)


def update_page(request, member, form, leave_form, *, status: int = 200):
    """The page with both forms of one member: correcting, and leaving."""
    context = {
        "village": member.village,
        "form": form,
        "member": member,
        "leave_form": leave_form,
    }
    return render(request, "villages/member_form.html", context, status=status)


class MemberUpdate(LoginRequiredMixin, View):
    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.member = get_object_or_404(
            PartyMember.objects.visible_to(request.user).select_related("village__township"), pk=pk
        )
        permissions.check_can_edit_roster(request.user, self.member.village)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return update_page(request, self.member, stored_form(self.member), MemberLeaveForm())

    def post(self, request):
        form = MemberForm(request.POST, instance=PartyMember(pk=self.member.pk))
        if form.is_valid():
            try:
                services.update_member(
                    member=self.member,
                    facts=form.facts(),
                    post=form.cleaned_data["post"],
                    post_since=form.cleaned_data["post_since"],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已更正{form.cleaned_data['name']}。")
                return redirect("member_list", pk=self.member.village_id)
        return update_page(request, self.member, form, MemberLeaveForm(), status=422)


class MemberLeave(LoginRequiredMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk: int):
        member = get_object_or_404(
            PartyMember.objects.visible_to(request.user).select_related("village__township"), pk=pk
        )
        permissions.check_can_edit_roster(request.user, member.village)
        form = MemberLeaveForm(request.POST)
        if form.is_valid():
            try:
                services.mark_left(
                    member=member, on=form.cleaned_data["on"], by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error("on", str(refusal))
            else:
                messages.success(request, f"{member.name}已转出，名册中仍可查。")
                return redirect("member_list", pk=member.village_id)
        return update_page(request, member, stored_form(member), form, status=422)
