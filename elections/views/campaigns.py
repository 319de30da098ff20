"""换届设置: a campaign, its parameters and its plan."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from villages.models import Jurisdiction
from villages.scoping import postings_of

from .. import permissions
from ..forms.campaigns import CampaignForm, ParametersForm
from ..models import Campaign
from ..services import campaigns as services
from ..stages import STAGES


def staffed_areas(user):
    """Jurisdictions where the user is organisation staff."""
    ids = [p.jurisdiction_id for p in postings_of(user) if p.role == Role.ORG_STAFF]
    return Jurisdiction.objects.filter(pk__in=ids).order_by("code")


class StaffOnly(LoginRequiredMixin, View):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.areas = staffed_areas(request.user)
        if not self.areas:
            raise Forbidden("换届设置由组织部工作人员办理。")
        return super().dispatch(request, *args, **kwargs)


class CampaignList(StaffOnly):
    def get(self, request):
        campaigns = (
            Campaign.objects.visible_to(request.user)
            .select_related("area")
            .annotate(villages=Count("elections"))
            .order_by("-starts_on", "-pk")
        )
        return render(request, "elections/campaign_list.html", {"campaigns": campaigns})


class CampaignCreate(StaffOnly):
    def get(self, request):
        today = timezone.localdate()
        plan = {"starts_on": today, "ends_on": today + timedelta(days=services.PLAN_LENGTH)}
        return self.page(request, CampaignForm(areas=self.areas, initial=plan))

    def post(self, request):
        form = CampaignForm(request.POST, areas=self.areas)
        if form.is_valid():
            data = form.cleaned_data
            try:
                campaign = services.create_campaign(
                    name=data["name"],
                    area=data["area"],
                    starts_on=data["starts_on"],
                    ends_on=data["ends_on"],
                    daily_cutoff=data["daily_cutoff"],
                    survey_items=data["survey_items"],
                    parameters=form.parameters(),
                    daily=form.daily(),
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
            else:
                count = campaign.elections.count()
                messages.success(
                    request, f"已建立“{campaign.name}”，{count}个村（社区）各开一份村档案。"
                )
                return redirect("campaign_detail", pk=campaign.pk)
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {"form": form, "title": "新建换届工作", "submit": "建立", "campaign": None}
        return render(request, "elections/campaign_form.html", context, status=status)


class CampaignDetail(StaffOnly):
    def get(self, request, pk: int):
        campaign = get_object_or_404(
            Campaign.objects.visible_to(request.user).select_related("area"), pk=pk
        )
        plan = [(STAGES[stage], day) for stage, day in services.plan_of(campaign).items()]
        versions = list(
            campaign.rule_sets.select_related("created_by")
            .annotate(villages=Count("village_elections"))
            .order_by("-version")
        )
        context = {
            "campaign": campaign,
            "plan": plan,
            "versions": versions,
            "current": versions[0],
            "villages": campaign.elections.count(),
            "may_edit": permissions.can_manage_campaign(request.user, campaign.area),
        }
        return render(request, "elections/campaign_detail.html", context)


class CampaignEdit(StaffOnly):
    def dispatch(self, request, *args, pk: int, **kwargs):
        if request.user.is_authenticated:
            visible = Campaign.objects.visible_to(request.user).select_related("area")
            self.campaign = get_object_or_404(visible, pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        permissions.check_can_manage_campaign(request.user, self.campaign.area)
        latest = self.campaign.rule_sets.order_by("-version").first()
        form = ParametersForm(
            instance=latest,
            initial={
                "ends_on": self.campaign.ends_on,
                "daily_cutoff": self.campaign.daily_cutoff,
                **{name: getattr(self.campaign, name) for name in services.DAILY},
                "survey_items": "\n".join(self.campaign.survey_items),
            },
        )
        return self.page(request, form)

    def post(self, request):
        form = ParametersForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.update_campaign(
                    campaign=self.campaign,
                    ends_on=data["ends_on"],
                    daily_cutoff=data["daily_cutoff"],
                    survey_items=data["survey_items"],
                    parameters=form.parameters(),
                    daily=form.daily(),
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
            else:
                messages.success(request, "已保存。参数有改动的，形成新的版本。")
                return redirect("campaign_detail", pk=self.campaign.pk)
        return self.page(request, form, status=422)

    def page(self, request, form, *, status: int = 200):
        context = {
            "form": form,
            "title": f"修改：{self.campaign.name}",
            "submit": "保存",
            "campaign": self.campaign,
        }
        return render(request, "elections/campaign_form.html", context, status=status)
