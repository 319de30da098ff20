"""The members' roster of one village: the list, somebody new, a person by number."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts.errors import Refused

from .. import identity, permissions, selectors, services
from ..enums import BASE_STATUSES, MemberStatus
from ..filters import MemberFilter
from ..forms.people import MemberForm, NumberForm
from ..models import PartyMember, Village
from ..scoping import MEMBER_READERS, area_q

PAGE = 30
#: Error pages and reports of errors do not show what was sent in these fields.
hide_number = method_decorator(sensitive_post_parameters("identity"), name="dispatch")


def readable_villages(user):
    """Villages whose members the user may read."""
    return Village.objects.filter(area_q(user, roles=MEMBER_READERS)).select_related("township")


class OfVillage(LoginRequiredMixin, View):
    """A page of one village's people that only those who keep its roster may open."""

    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.village = get_object_or_404(readable_villages(request.user), pk=pk)
        permissions.check_can_edit_roster(request.user, self.village)
        return super().dispatch(request, *args, **kwargs)


class MemberList(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        village = get_object_or_404(readable_villages(request.user), pk=pk)
        today = timezone.localdate()
        members = (
            PartyMember.objects.visible_to(request.user)
            .filter(village=village)
            .with_standing(on=today)
            .prefetch_related("posts")
            # PostgreSQL would put those who left before everybody else.
            .order_by(
                F("merged_into").asc(nulls_first=True), F("left_on").asc(nulls_first=True), "pk"
            )
        )
        chosen = MemberFilter(request.GET, queryset=members, today=today)
        page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        for member in page:
            held = [p.get_post_display() for p in member.posts.all() if p.ended_on is None]
            member.posts_now = "、".join(held)
            member.standing_label = MemberStatus(member.standing).label
            member.is_restricted = member.standing not in BASE_STATUSES
        context = {
            "village": village,
            "filter": chosen,
            "page": page,
            "may_edit": permissions.can_edit_roster(request.user, village),
            "may_find": permissions.can_merge(request.user, village),
            "export_query": export_query(request, village),
        }
        return render(request, "villages/member_list.html", context)


def export_query(request, village: Village) -> str:
    """The filters of the list for its export. A whole identity number is not repeated into another address."""
    query = request.GET.copy()
    query.pop("page", None)
    if identity.is_whole(query.get("q", "")):
        query.pop("q")
    query["village"] = str(village.pk)
    return f"?{query.urlencode()}"


@hide_number
class MemberCreate(OfVillage):
    def get(self, request):
        return self.page(request, MemberForm())

    def post(self, request):
        form = MemberForm(request.POST)
        if form.is_valid():
            post = form.cleaned_data["post"]
            posts = [(post, form.cleaned_data["post_since"])] if post else []
            try:
                (member,) = services.add_members(
                    village=self.village,
                    members=[{**form.facts(), "posts": posts}],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已登记{member.name}。")
                warn_of_duplicates(request, member)
                return redirect("member_list", pk=self.village.pk)
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {"village": self.village, "form": form, "member": None}
        return render(request, "villages/member_form.html", context, status=status)


def warn_of_duplicates(request, member: PartyMember) -> None:
    """After a number was entered: whether it stands on another row as well."""
    if selectors.is_suspected(member):
        messages.warning(
            request,
            f"{member.name}的身份证号还登记在另一处，疑似重复或已转移组织关系：请在“疑似重复”中核对。",
        )


@hide_number
class MemberFind(LoginRequiredMixin, View):
    """A person by the whole identity number, in the user's area. The number is sent in the body, and not kept."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        permissions.check_can_find(request.user)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request):
        return self.page(NumberForm())

    def post(self, request):
        form = NumberForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        found = selectors.with_number(request.user, form.cleaned_data["identity"])
        return self.page(NumberForm(), found=found)

    def page(self, form, *, found=None, status: int = 200):
        context = {"form": form, "found": found}
        return render(self.request, "villages/member_find.html", context, status=status)
