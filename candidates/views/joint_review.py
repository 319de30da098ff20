"""县级联审: departments and batches for organisation staff, one department's own task, an opinion's file."""

import io
import tempfile
from collections import Counter
from pathlib import Path

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views import View

from accounts.errors import Refused
from accounts.problems import Problem
from elections.models import Campaign
from elections.permissions import can_manage_campaign, check_can_manage_campaign
from elections.views.campaigns import StaffOnly
from elections.views.evidence import stored_file
from workbooks.reading import FileRefused
from workbooks.template import template

from .. import forms, selectors
from ..enums import AskState
from ..models import ReviewBatch, ReviewOpinion, ReviewTask, VettingDepartment
from ..permissions import check_is_department
from ..services import batches, departments, opinions
from ..workbooks import ANSWER_SHEET, answer_rows, read_answers
from .forms_page import FormsPage

PAGE = 50


class OfCampaign(StaffOnly, FormsPage):
    """A page of a campaign for its organisation staff."""

    def load(self, pk: int) -> None:
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(self.request.user).select_related("area"), pk=pk
        )

    def check_may_write(self) -> None:
        check_can_manage_campaign(self.request.user, self.campaign.area)

    @property
    def may_edit(self) -> bool:
        return can_manage_campaign(self.request.user, self.campaign.area)


class VettingDepartments(OfCampaign):
    """联审单位: who is asked what, who must answer, who has no account."""

    template_name = "candidates/vetting_departments.html"
    action_forms = {"save": forms.DepartmentForm, "retire": forms.RetireDepartmentForm}

    def context(self) -> dict:
        found = selectors.departments(self.campaign.pk)
        missing = selectors.without_account(self.campaign, found, on=self.today)
        for department in found:
            department.has_account = department.name not in missing
            department.form = forms.DepartmentForm(
                auto_id=f"save_{department.pk}_%s",
                initial={
                    "department": department.pk,
                    "name": department.name,
                    "questions": department.questions,
                    "order": department.order,
                    "required": department.required,
                },
            )
        return {"campaign": self.campaign, "departments": found, "may_edit": self.may_edit}

    def _department(self, pk: int) -> VettingDepartment:
        own = VettingDepartment.objects.filter(campaign=self.campaign).select_related(
            "campaign__area"
        )
        return get_object_or_404(own, pk=pk)

    def save_save(self, form) -> str:
        data = dict(form.cleaned_data)
        pk = data.pop("department")
        row = departments.save_department(
            campaign=self.campaign,
            department=self._department(pk) if pk else None,
            **data,
            by=self.request.user,
            at=self.at,
        )
        return f"“{row.name}”已保存。"

    def save_retire(self, form) -> str:
        row = self._department(form.cleaned_data["department"])
        departments.retire_department(department=row, by=self.request.user, at=self.at)
        return f"“{row.name}”已停用，已作的答复保留。"


class ReviewBatches(OfCampaign):
    """联审: the batches, and who may be sent now."""

    template_name = "candidates/review_batches.html"
    action_forms = {"send": forms.BatchForm}

    def load(self, pk: int) -> None:
        super().load(pk)
        self.departments = selectors.departments(self.campaign.pk)
        self.people = selectors.to_send(self.campaign, self.departments)

    def form_kwargs(self, action: str) -> dict:
        return {"people": self.people}

    def context(self) -> dict:
        sent = self.bound.get("send")
        chosen = set(sent.data.getlist("people")) if sent else None
        for person in self.people:
            person.is_chosen = chosen is None or str(person.pk) in chosen
        return {
            "campaign": self.campaign,
            "departments": self.departments,
            "people": self.people,
            "batches": selectors.batch_lines(self.campaign, today=self.today),
            "may_edit": self.may_edit,
        }

    def save_send(self, form) -> str:
        batch = batches.send_batch(
            campaign=self.campaign, **form.cleaned_data, by=self.request.user, at=self.at
        )
        return (
            f"{batch}已送各单位，共{len(form.cleaned_data['people'])}人，"
            f"{batch.due_on:%Y年%m月%d日}前答复。"
        )


class ReviewBatchPage(StaffOnly, FormsPage):
    """One batch: people × departments, who is late, reminders, and everybody who is clear passed at once."""

    template_name = "candidates/review_batch.html"
    action_forms = {"remind": forms.RemindForm, "pass": forms.PassBatchForm}

    def load(self, pk: int) -> None:
        self.batch = get_object_or_404(
            ReviewBatch.objects.visible_to(self.request.user).select_related("campaign__area"),
            pk=pk,
        )
        self.campaign = self.batch.campaign

    def check_may_write(self) -> None:
        check_can_manage_campaign(self.request.user, self.campaign.area)

    def context(self) -> dict:
        tasks = list(
            self.batch.tasks.select_related("department").order_by("department__order", "pk")
        )
        counts = selectors.task_counts(tasks, today=self.today)
        for task in tasks:
            task.counts = counts[task.pk]
        page = Paginator(selectors.people_of(self.batch), PAGE).get_page(
            self.request.GET.get("page")
        )
        red_after = self.campaign.rule_sets.order_by("-version").first().overdue_red_days
        joint = selectors.joint_states([p.pk for p in page], [t.department for t in tasks])
        last = selectors.last_opinions(a for s in joint.values() for a in s.asks.values())
        for person in page:
            person.cells = selectors.matrix(
                joint[person.pk], last, is_open=True, today=self.today, red_after=red_after
            )
        return {
            "batch": self.batch,
            "campaign": self.campaign,
            "tasks": tasks,
            "page": page,
            "may_edit": can_manage_campaign(self.request.user, self.campaign.area),
        }

    def save_remind(self, form) -> str:
        task = get_object_or_404(
            self.batch.tasks.select_related("department", "batch__campaign__area"),
            pk=form.cleaned_data["task"],
        )
        batches.remind(task=task, by=self.request.user, at=self.at)
        return f"已催办{task.department.name}。"

    def save_pass(self, form) -> str:
        number = batches.pass_batch(
            batch=self.batch,
            decided_on=form.cleaned_data["decided_on"],
            by=self.request.user,
            at=self.at,
        )
        return f"已登记{number}人县级联审合格。"


class ReviewTaskPage(LoginRequiredMixin, FormsPage):
    """One department's task: the people, who they are, and this department's own questions and answers."""

    template_name = "candidates/review_task.html"
    action_forms = {"answer": forms.AnswersForm, "workbook": forms.AnswerWorkbookForm}

    def load(self, pk: int) -> None:
        user = self.request.user
        check_is_department(user)
        self.task = get_object_or_404(
            ReviewTask.objects.visible_to(user).select_related("department", "batch__campaign"),
            pk=pk,
        )
        self.listed = selectors.rules_of(self.task.batch.campaign_id, self.task.department.name)
        asks = selectors.asks_of(self.task, user)
        self.state = self.request.GET.get("state", "")
        self.counts = Counter(asks.values_list("state", flat=True))
        if self.state in AskState.values:
            asks = asks.filter(state=self.state)
        self.asks = Paginator(asks, PAGE).get_page(self.request.GET.get("page"))

    def form_kwargs(self, action: str) -> dict:
        if action == "workbook":
            return {}
        return {"asks": self.asks, "listed": self.listed or selectors.rules_of_campaign(self.task)}

    def context(self) -> dict:
        selectors.with_own_history(self.asks, self.task.department)
        for ask in self.asks:
            ask.late = selectors.days_late(ask, self.today)
        return {
            "task": self.task,
            "listed": self.listed,
            "page": self.asks,
            "rows": (self.bound.get("answer") or self.build("answer")).rows(),
            "state": self.state,
            "total": sum(self.counts.values()),
            "states": [(s, s.label, self.counts[s]) for s in AskState if self.counts[s]],
        }

    def save_answer(self, form) -> str:
        given = form.answers()
        if not given:
            return "没有勾选意见，什么也没有改动。"
        opinions.answer_many(task=self.task, answers=given, by=self.request.user, at=self.at)
        return f"已答复{len(given)}人。"

    def save_workbook(self, form) -> str:
        """The whole workbook or nothing: every wrong cell is named."""
        upload = form.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
            copy.flush()
            try:
                given, problems = read_answers(Path(copy.name), self.task, by=self.request.user)
            except FileRefused as refused:
                raise Refused(Problem("file", f"“{upload.name}”：{refused}")) from None
        if problems:
            raise Refused(*problems)
        if not given:
            return "与已有的答复完全相同，什么也没有改动。"
        opinions.answer_many(task=self.task, answers=given, by=self.request.user, at=self.at)
        return f"已按答复表答复{len(given)}人。"


class ReviewTaskWorkbook(LoginRequiredMixin, View):
    """The workbook of a task, to fill in elsewhere."""

    def get(self, request, pk: int):
        check_is_department(request.user)
        task = get_object_or_404(
            ReviewTask.objects.visible_to(request.user).select_related("department", "batch"), pk=pk
        )
        out = io.BytesIO()
        template(ANSWER_SHEET, rows=answer_rows(task, by=request.user)).save(out)
        out.seek(0)
        name = f"{task.department.name}第{task.batch.number}批答复表.xlsx"
        response = FileResponse(out, as_attachment=True, filename=name)
        response["Cache-Control"] = "private, no-store"
        return response


class OpinionFile(LoginRequiredMixin, View):
    """The file of an objection, for the department that sent it and the county's staff."""

    def get(self, request, pk: int):
        opinion = get_object_or_404(
            ReviewOpinion.objects.visible_to(request.user).exclude(file=""), pk=pk
        )
        return stored_file(opinion.file, name=opinion.file_name, content_type=opinion.content_type)
