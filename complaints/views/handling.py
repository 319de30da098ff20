"""信访办理: one complaint, step by step; its slips, its files, who complained, and the days it may take."""

from io import BytesIO

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts import sealing
from accounts.enums import Role
from accounts.errors import Refused
from candidates.views.forms_page import FormsPage
from elections.models import Campaign
from elections.views.evidence import stored_file
from villages.scoping import has_role

from .. import permissions, rules
from ..enums import Category, MeasureKind, Status, Step
from ..forms import handling as forms
from ..models import CONTENT, Attachment, Complaint, Extension, IdentityAccess, Matter, Transfer
from ..selectors import complaints as selectors
from ..services import handling
from ..services.clocks import set_clock
from ..services.complaints import settle_complaint
from ..services.identities import open_identity
from ..services.intake import clock_of
from .base import DisciplineOnly, townships_in_area

RELATED = (
    "village",
    "township",
    "campaign__area",
    "held_by",
    "matter",
    "accused_unit",
    "accused_user",
    "handler",
    "registered_by",
    "settled_by",
    "challenge__entry",
    "candidacy__member",
    "election",
)


class ComplaintPage(DisciplineOnly):
    def load(self, pk: int) -> None:
        visible = Complaint.objects.visible_to(self.request.user).select_related(*RELATED)
        self.complaint = get_object_or_404(visible, pk=pk)


class ComplaintDetail(ComplaintPage, FormsPage):
    template_name = "complaints/complaint_detail.html"
    action_forms = {
        "accept": forms.HandlerForm,
        "assign": forms.HandlerForm,
        "first": forms.FirstForm,
        "transfer": forms.TransferForm,
        "answer": forms.AnswerForm,
        "extend": forms.ExtensionForm,
        "decide": forms.DecideForm,
        "conclude": forms.ConcludeForm,
        "act": forms.MeasureForm,
        "settle": forms.SettleForm,
        "join": forms.JoinForm,
        "classify": forms.ClassifyForm,
    }

    def load(self, pk: int) -> None:
        super().load(pk)
        self.handlers = handling.may_be_handler(self.complaint)

    def form_kwargs(self, action: str) -> dict:
        found = self.complaint
        if action in ("accept", "assign"):
            chosen = found.handler_id or self.request.user.pk
            return {"handlers": self.handlers, "initial": {"handler": chosen}}
        if action == "classify":
            units = selectors.units_about(townships_in_area(self.request.user))
            return {"complaint": found, "units": units}
        if action == "first":
            step = next(
                (s for s, column in handling.FIRSTS.items() if not getattr(found, column)), ""
            )
            return {"initial": {"step": step, "done_at": timezone.localtime(self.at)}}
        if action in ("conclude", "settle"):
            return {"initial": {"conclusion": found.conclusion, "handling": found.handling}}
        if action in ("act", "transfer"):
            return {"initial": {"taken_on": self.today}}
        return {}

    def _acting(self) -> dict:
        return {"complaint": self.complaint, "by": self.request.user, "at": self.at}

    def save_accept(self, form) -> str:
        handling.accept_complaint(**self._acting(), **form.cleaned_data)
        return f"已受理，承办人：{form.cleaned_data['handler'].name}。"

    def save_assign(self, form) -> str:
        handling.assign_handler(**self._acting(), **form.cleaned_data)
        return f"承办人：{form.cleaned_data['handler'].name}。"

    def save_first(self, form) -> str:
        data = form.cleaned_data | {"step": Step(form.cleaned_data["step"])}
        handling.mark_first(**self._acting(), **data)
        return f"已登记“{data['step'].label}”。"

    def save_transfer(self, form) -> str:
        handling.transfer_complaint(**self._acting(), **form.cleaned_data)
        return "已转办，可以打印转办单。"

    def save_answer(self, form) -> str:
        transfer = self.part(Transfer, form.cleaned_data["transfer"])
        handling.answer_transfer(
            transfer=transfer,
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            at=self.at,
        )
        return "已登记反馈。"

    def save_extend(self, form) -> str:
        handling.ask_extension(**self._acting(), **form.cleaned_data)
        return "已申请延期，由另一名纪检信访专员审批。"

    def save_decide(self, form) -> str:
        extension = self.part(Extension, form.cleaned_data["extension"])
        approved = form.cleaned_data["approved"]
        handling.decide_extension(
            extension=extension, approved=approved, by=self.request.user, at=self.at
        )
        return "已同意延期。" if approved else "未同意延期。"

    def part(self, model, pk: int):
        return get_object_or_404(model, pk=pk, complaint=self.complaint)

    def save_conclude(self, form) -> str:
        handling.conclude_complaint(**self._acting(), **form.cleaned_data)
        return "已认定结论。"

    def save_act(self, form) -> str:
        data = form.cleaned_data | {"kind": MeasureKind(form.cleaned_data["kind"])}
        handling.take_measure(**self._acting(), **data)
        return f"已登记“{data['kind'].label}”。"

    def save_settle(self, form) -> str:
        settle_complaint(**self._acting(), **form.cleaned_data)
        return f"{self.complaint.number}已办结。"

    def save_join(self, form) -> str:
        seen = Complaint.objects.visible_to(self.request.user)
        number = form.cleaned_data["matter"].strip()
        matter = Matter.objects.filter(number=number, complaints__in=seen).first()
        handling.join_matter(**self._acting(), matter=matter)
        return f"已并入{number}。"

    def save_classify(self, form) -> str:
        data = form.cleaned_data
        handling.classify_complaint(
            **self._acting(), category=data["category"], cause=data["cause"], about=form.about()
        )
        return "已调整分类；反映对象变更的，受理层级随之变更。"

    def done_url(self) -> str:
        seen = Complaint.objects.visible_to(self.request.user)
        if seen.filter(pk=self.complaint.pk).exists():
            return self.request.path
        return "complaint_list"  # It went a level up: here it is no longer seen.

    def context(self) -> dict:
        found = self.complaint
        extensions = list(
            found.extensions.select_related("asked_by", "decided_by").order_by("asked_at", "pk")
        )
        for row in extensions:
            row.reason = self.opened(row.reason_sealed)
        transfers = list(found.transfers.order_by("number"))
        for row in transfers:
            row.request, row.answer = (
                self.opened(row.request_sealed),
                self.opened(row.answer_sealed),
            )
        events = list(found.events.select_related("by").order_by("at", "pk"))
        measures = list(found.measures.select_related("by").order_by("taken_on", "pk"))
        for row in (*events, *measures):
            row.note = self.opened(row.note_sealed)
        files = list(found.attachments.order_by("added_at", "pk"))
        for row in files:
            row.name = self.opened(row.name_sealed)
        granted = next((e for e in extensions if e.approved), None)
        return {
            "complaint": found,
            "route": rules.ROUTES[found.accused],
            "clocks": selectors.clocks(found, granted, today=self.today),
            "counting_rule": rules.COUNTING_RULE,
            "firsts": [
                (
                    step.label,
                    getattr(found, column),
                    selectors.hours_to(found, getattr(found, column)),
                )
                for step, column in handling.FIRSTS.items()
            ],
            "extensions": extensions,
            "pending": next((e for e in extensions if e.approved is None), None),
            "transfers": transfers,
            "events": events,
            "measures": measures,
            "files": files,
            "siblings": Complaint.objects.visible_to(self.request.user)
            .filter(matter=found.matter)
            .exclude(pk=found.pk)
            .order_by("received_at", "pk"),
            "is_new": found.status == Status.RECEIVED,
            "may_open_identity": permissions.can_open_identity(self.request.user, found),
        }

    def opened(self, sealed: str) -> str:
        key = self.complaint.key_sealed
        return sealing.unseal_text_under(key, sealed, purpose=CONTENT) if key else ""


class TransferSlip(DisciplineOnly):
    """转办单: for the unit that is asked. Says what was written for it, never what the complaint says or who made it."""

    def get(self, request, pk: int):
        row = get_object_or_404(
            Transfer.objects.visible_to(request.user).select_related(
                "complaint__held_by", "complaint__matter"
            ),
            pk=pk,
        )
        complaint = row.complaint
        context = {
            "transfer": row,
            "complaint": complaint,
            "request_text": sealing.unseal_text_under(
                complaint.key_sealed, row.request_sealed, purpose=CONTENT
            )
            if complaint.key_sealed
            else "",
        }
        return render(request, "complaints/transfer_slip.html", context)


class AttachmentFile(DisciplineOnly):
    def get(self, request, pk):
        row = get_object_or_404(
            Attachment.objects.visible_to(request.user).select_related("complaint"), pk=pk
        )
        key = row.complaint.key_sealed
        try:
            with row.file.open("rb") as stored:
                content = sealing.unseal_under(key, stored.read(), purpose=CONTENT)
        except (FileNotFoundError, ValueError, sealing.CannotUnseal):
            raise Http404("文件不在存储中") from None
        name = sealing.unseal_text_under(key, row.name_sealed, purpose=CONTENT)
        return stored_file(Opened(content), name=name, content_type=row.content_type)


class Opened:
    """Bytes in the shape of a stored file."""

    def __init__(self, content: bytes):
        self.content = content

    def open(self, mode: str) -> BytesIO:
        return BytesIO(self.content)


class ReporterPage(ComplaintPage):
    """Who complained: for the handler, with a reason, once for each reason. Never stored, never in the address."""

    def page(self, form, *, reporter=None, status: int = 200):
        accesses = IdentityAccess.objects.filter(complaint_number=self.complaint.number)
        context = {
            "complaint": self.complaint,
            "form": form,
            "reporter": reporter,
            "accesses": accesses.select_related("by").order_by("-at"),
        }
        return render(self.request, "complaints/reporter.html", context, status=status)

    def get(self, request, pk: int):
        self.load(pk)
        permissions.check_can_open_identity(request.user, self.complaint)
        return self.page(forms.ReasonForm())

    def post(self, request, pk: int):
        self.load(pk)
        permissions.check_can_open_identity(request.user, self.complaint)
        form = forms.ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            reporter = open_identity(
                complaint=self.complaint, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        return self.page(forms.ReasonForm(), reporter=reporter)


class ClockPage(DisciplineOnly):
    """办理期限 of a campaign: for discipline staff whose area contains it."""

    def load(self, pk: int) -> None:
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(self.request.user).select_related("area"), pk=pk
        )
        self.may_set = has_role(self.request.user, Role.DISCIPLINE, covering=self.campaign.area)

    def get(self, request, pk: int):
        self.load(pk)
        return self.page({})

    def post(self, request, pk: int):
        self.load(pk)
        form = forms.ClockForm(request.POST)
        if form.is_valid():
            try:
                set_clock(
                    campaign=self.campaign, **form.cleaned_data, by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("complaint_clocks", pk=pk)
        return self.page({request.POST.get("category", ""): form}, status=422)

    def page(self, bound: dict, *, status: int = 200):
        lines = []
        for category in Category:
            clock = clock_of(self.campaign, category)
            initial = {
                "category": category.value,
                "unit": clock.unit,
                "accept_days": clock.accept,
                "settle_days": clock.settle,
                "extend_days": clock.extend,
            }
            form = bound.get(category.value) or forms.ClockForm(
                initial=initial, auto_id=f"{category.value}_%s"
            )
            lines.append((category, clock, form))
        context = {"campaign": self.campaign, "lines": lines, "may_set": self.may_set}
        return render(self.request, "complaints/clocks.html", context, status=status)
