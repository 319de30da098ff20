"""疑似重复: one identity number on several rows; merging two rows of one person, and undoing it."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused

from .. import permissions, selectors, services
from ..forms.people import MergeForm
from ..models import MemberMerge, PartyMember
from .members import readable

PAGE = 25


class DuplicateList(LoginRequiredMixin, View):
    def get(self, request):
        permissions.check_can_find(request.user)
        found = selectors.suspected(request.user)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        return render(request, "villages/duplicate_list.html", {"page": page})


class MemberMergePage(LoginRequiredMixin, View):
    """Which row stays is chosen among those of the same number or, where one has none, of the same name and birth."""

    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.member = get_object_or_404(readable(request.user), pk=pk)
        permissions.check_can_merge(request.user, self.member.village)
        return super().dispatch(request, *args, **kwargs)

    def others(self):
        member = self.member
        alike = Q(name=member.name, born_on=member.born_on, sex=member.sex)
        if member.identity_hash:
            alike = Q(identity_hash=member.identity_hash) | alike & Q(identity_hash="")
        rows = readable(self.request.user).filter(alike, merged_into__isnull=True)
        return rows.exclude(pk=member.pk).order_by("village__code", "pk")

    def get(self, request):
        return self.page(MergeForm(others=self.others()))

    def post(self, request):
        form = MergeForm(request.POST, others=self.others())
        if form.is_valid():
            try:
                merge = services.merge_members(
                    member=self.member, **form.cleaned_data, by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已合并，保留{merge.survivor.village.name}的一条。")
                return redirect("member_detail", pk=merge.survivor_id)
        return self.page(form, status=422)

    def page(self, form, *, status: int = 200):
        others: list[PartyMember] = list(form.fields["survivor"].queryset)
        context = {
            "member": self.member,
            "village": self.member.village,
            "form": form,
            "others": others,
        }
        return render(self.request, "villages/member_merge.html", context, status=status)


class MergeUndo(LoginRequiredMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk: int):
        merge = get_object_or_404(
            MemberMerge.objects.visible_to(request.user).select_related(
                "member__village", "survivor__village"
            ),
            pk=pk,
        )
        try:
            services.undo_merge(merge=merge, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已撤销合并，{merge.member.name}的两条记录分开。")
        return redirect("member_detail", pk=merge.member_id)
