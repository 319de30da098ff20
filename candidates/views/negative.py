"""负面清单 of a campaign for organisation staff, and what is on record about one person."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.errors import Forbidden
from elections.models import Campaign
from elections.permissions import can_manage_campaign, check_can_manage_campaign
from elections.views.campaigns import StaffOnly

from .. import forms, selectors
from ..models import Candidacy, NegativeRule, PersonFact
from ..permissions import can_keep_facts, department_of
from ..services import facts, negative_list
from .forms_page import FormsPage


class NegativeList(StaffOnly, FormsPage):
    """The campaign's list with what was retired, and the ways to add to it."""

    template_name = "candidates/negative_list.html"
    action_forms = {
        "add": forms.NegativeRuleForm,
        "paste": forms.PasteForm,
        "sample": forms.SampleForm,
    }

    def load(self, pk: int) -> None:
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(self.request.user).select_related("area"), pk=pk
        )

    def check_may_write(self) -> None:
        check_can_manage_campaign(self.request.user, self.campaign.area)

    def context(self) -> dict:
        rules = list(
            NegativeRule.objects.filter(campaign=self.campaign)
            .select_related("retired_by")
            .order_by("order", "code", "version")
        )
        return {
            "campaign": self.campaign,
            "rules": [r for r in rules if r.retired_at is None],
            "retired": [r for r in rules if r.retired_at],
            "may_edit": can_manage_campaign(self.request.user, self.campaign.area),
        }

    def _acting(self) -> dict:
        return {"campaign": self.campaign, "by": self.request.user, "at": self.at}

    def save_add(self, form) -> str:
        (rule,) = negative_list.add_rules(**self._acting(), wanted=[form.rule_text()])
        return f"已增加“{rule.code}”。"

    def save_paste(self, form) -> str:
        made = negative_list.add_lines(**self._acting(), text=form.cleaned_data["lines"])
        return f"已登记{len(made)}条。请逐条核对起算点、对应的情况和核查部门。"

    def save_sample(self, form) -> str:
        made = negative_list.load_sample(**self._acting())
        return f"已载入示例{len(made)}条，均标“示例”。请按本地文件逐条修改。"


class NegativeRuleEdit(StaffOnly, FormsPage):
    """One rule: changed (a cited one by a new version) or retired."""

    template_name = "candidates/negative_rule.html"
    action_forms = {"change": forms.NegativeRuleForm, "retire": forms.RetireRuleForm}

    def load(self, pk: int) -> None:
        self.rule = get_object_or_404(
            NegativeRule.objects.filter(
                campaign__in=Campaign.objects.visible_to(self.request.user)
            ).select_related("campaign__area"),
            pk=pk,
        )

    def check_may_write(self) -> None:
        check_can_manage_campaign(self.request.user, self.rule.campaign.area)

    def build(self, action: str, *data):
        if action == "change" and not data:
            return forms.NegativeRuleForm.of(self.rule)
        form = super().build(action, *data)
        if action == "change":
            form.fields["code"].disabled = True
            form.initial["code"] = self.rule.code
        return form

    def context(self) -> dict:
        return {
            "rule": self.rule,
            "campaign": self.rule.campaign,
            "is_cited": negative_list.is_cited(self.rule),
            "may_edit": self.rule.retired_at is None
            and can_manage_campaign(self.request.user, self.rule.campaign.area),
        }

    def done_url(self) -> str:
        return reverse("negative_list", args=[self.rule.campaign_id])

    def save_change(self, form) -> str:
        rule = negative_list.change_rule(
            rule=self.rule, to=form.rule_text(), by=self.request.user, at=self.at
        )
        return f"“{rule.code}”已保存（第{rule.version}版）。"

    def save_retire(self, form) -> str:
        negative_list.retire_rule(
            rule=self.rule, reason=form.cleaned_data["reason"], by=self.request.user, at=self.at
        )
        return f"“{self.rule.code}”已停用，引用过它的结论不变。"


class CandidacyFacts(LoginRequiredMixin, FormsPage):
    """What is on record about a person, for the township, the county's staff, and a department that was asked about the
    person: it sees what it recorded itself, and nothing else."""

    template_name = "candidates/candidacy_facts.html"
    action_forms = {"record": forms.FactForm, "withdraw": forms.WithdrawFactForm}

    def load(self, pk: int) -> None:
        user = self.request.user
        of = ("member", "election__village", "election__township", "election__county")
        rows = Candidacy.objects.select_related(*of)
        person = rows.visible_to(user).filter(pk=pk).first()
        if person and not can_keep_facts(user, person.election):
            raise Forbidden("个人情况由本乡镇联络员和县级组织部工作人员查看。")
        self.at_department = person is None
        self.person = person or rows.asked_of(user).filter(pk=pk).first()
        if self.person is None:
            raise Http404

    def form_kwargs(self, action: str) -> dict:
        department = department_of(self.request.user) if self.at_department else ""
        return {"initial": {"source": department}} if action == "record" else {}

    def context(self) -> dict:
        user, person = self.request.user, self.person
        found = PersonFact.objects.visible_to(user).filter(member=person.member_id)
        matches = []
        if not self.at_department:
            matches = selectors.matches(
                [person], person.election.campaign_id, user=user, on=self.today
            )[person.pk]
        return {
            "person": person,
            "at_department": self.at_department,
            "facts": list(found.order_by("withdrawn_at", "-recorded_at")),
            "matches": matches,
        }

    def save_record(self, form) -> str:
        facts.record_fact(
            candidacy=self.person, facts=form.facts(), by=self.request.user, at=self.at
        )
        return f"已登记{self.person.member.name}的情况。"

    def save_withdraw(self, form) -> str:
        fact = get_object_or_404(
            PersonFact.objects.visible_to(self.request.user),
            pk=form.cleaned_data["fact"],
            member=self.person.member_id,
        )
        facts.withdraw_fact(
            fact=fact,
            candidacy=self.person,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=self.at,
        )
        return "已撤回，原记录保留备查。"
