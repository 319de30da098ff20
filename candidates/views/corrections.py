"""Correcting a checked count: putting it forward, and the county's decision with what it changes."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Conflict, Refused
from elections.models import BallotRound
from elections.permissions import can_confirm, check_can_certify, check_can_confirm
from elections.stages import STAGES

from .. import forms
from ..enums import CorrectionStatus
from ..models import BallotCorrection
from ..selectors import correction_lines
from ..services import corrections

_OF_ELECTION = ("village", "township", "county", "campaign", "rule_set")


class CorrectionCreate(LoginRequiredMixin, View):
    """Other figures beside those that stand."""

    def load(self, pk: int) -> None:
        self.row = get_object_or_404(
            BallotRound.objects.visible_to(self.request.user).select_related(
                *(f"meeting__election__{name}" for name in _OF_ELECTION)
            ),
            pk=pk,
        )
        self.election = self.row.meeting.election
        check_can_certify(self.request.user, self.election)
        self.figures = corrections.figures_of(corrections.counted_round(self.row))

    def get(self, request, pk: int):
        self.load(pk)
        return self.page(forms.CorrectionForm(figures=self.figures))

    def post(self, request, pk: int):
        self.load(pk)
        form = forms.CorrectionForm(request.POST, figures=self.figures)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            correction = corrections.propose_correction(
                election=self.election,
                round_id=pk,
                present=form.cleaned_data["present"],
                count=form.count(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, "更正已提出，等县级组织部另一名工作人员批准；批准前原数字有效。")
        return redirect("ballot_correction", pk=correction.pk)

    def page(self, form, *, status: int = 200):
        context = {
            "row": self.row,
            "election": self.election,
            "spec": STAGES[self.row.meeting.kind],
            "form": form,
        }
        return render(self.request, "candidates/correction_form.html", context, status=status)


class CorrectionDetail(LoginRequiredMixin, View):
    """Old and new figures side by side, what follows from them, and the county's decision."""

    def load(self, pk: int) -> None:
        self.correction = get_object_or_404(
            BallotCorrection.objects.visible_to(self.request.user).select_related(
                "proposed_by", "decided_by", *(f"election__{name}" for name in _OF_ELECTION)
            ),
            pk=pk,
        )

    def get(self, request, pk: int):
        self.load(pk)
        return self.page(forms.DecideCorrectionForm())

    def post(self, request, pk: int):
        self.load(pk)
        check_can_confirm(request.user, self.correction.election)
        form = forms.DecideCorrectionForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            corrections.decide_correction(
                correction=self.correction,
                **form.cleaned_data,
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=409 if isinstance(refusal, Conflict) else 422)
        done = "已批准更正，结果已重新计算。" if form.cleaned_data["approved"] else "已退回更正。"
        messages.success(request, done)
        return redirect("ballot_correction", pk=pk)

    def page(self, form, *, status: int = 200):
        correction = self.correction
        pending = correction.status == CorrectionStatus.PENDING
        user = self.request.user
        context = {
            "correction": correction,
            "election": correction.election,
            "spec": STAGES[correction.stage],
            "lines": correction_lines(correction),
            "reopened": [STAGES[code] for code in correction.effect.get("reopened", ())],
            "form": form,
            "may_decide": pending
            and can_confirm(user, correction.election)
            and correction.proposed_by_id != user.pk,
        }
        return render(self.request, "candidates/correction_detail.html", context, status=status)
