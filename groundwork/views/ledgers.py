"""台账: the index, and for any ledger its list, a new row, one row with its history. Which ledger: the address says."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Conflict, Refused
from elections.views.base import CampaignPage

from ..filters import LedgerFilter
from ..forms.ledgers import LedgerForm, WithdrawForm
from ..ledgers import LEDGERS
from ..permissions import can_keep, check_can_keep
from ..selectors import ledgers as selectors
from ..services import ledgers as services

PAGE = 30


class LedgerIndex(CampaignPage):
    def get(self, request, pk: int):
        ledgers, villages = selectors.index(request.user, self.campaign)
        context = {"campaign": self.campaign, "ledgers": ledgers, **villages}
        return render(request, "groundwork/ledger_index.html", context)


class LedgerPage(CampaignPage):
    """A page of the ledger whose code is in its address."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.ledger = LEDGERS.get(kwargs["code"])
            if self.ledger is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def show(self, template: str, *, status: int = 200, **context):
        context |= {"campaign": self.campaign, "ledger": self.ledger}
        return render(self.request, f"groundwork/{template}.html", context, status=status)

    def refuse(self, form, refusal: Refused) -> int:
        """Put every problem beside its field; the status of the answer."""
        for problem in refusal.problems:
            form.add_error(problem.code if problem.code in form.fields else None, problem.message)
        return 409 if isinstance(refusal, Conflict) else 422


class LedgerList(LedgerPage):
    def get(self, request, pk: int, code: str):
        found = LedgerFilter(
            request.GET,
            ledger=self.ledger,
            rows=selectors.rows_of(request.user, self.ledger, self.campaign),
            townships=selectors.townships_of(request.user, self.campaign),
            today=self.today,
        )
        page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
        return self.show(
            "ledger_list",
            filter=found,
            page=page,
            lines=[selectors.line_of(self.ledger, row) for row in page],
            may_keep=can_keep(request.user, self.ledger),
            kind_code=f"ledger_{code}",
        )


class LedgerAdd(LedgerPage):
    def form(self, data=None) -> LedgerForm:
        check_can_keep(self.request.user, self.ledger)
        places = selectors.places_to_keep(self.request.user, self.ledger, self.campaign)
        initial = {"place": self.request.GET.get("place")}
        return LedgerForm(data, ledger=self.ledger, places=places, initial=initial)

    def get(self, request, pk: int, code: str):
        return self.show("ledger_form", form=self.form())

    def post(self, request, pk: int, code: str):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show("ledger_form", form=form, status=422)
        try:
            row = services.save_row(
                ledger=self.ledger,
                campaign=self.campaign,
                place=form.cleaned_data["place"],
                values=form.values(),
                by=request.user,
                at=self.at,
            )
        except Refused as refusal:
            return self.show("ledger_form", form=form, status=self.refuse(form, refusal))
        messages.success(request, f"已登记到“{self.ledger.title}”。")
        return redirect("ledger_row", pk=pk, code=code, row=row.pk)


class OneRow(LedgerPage):
    def load(self, row: int) -> None:
        rows = selectors.rows_of(self.request.user, self.ledger, self.campaign).in_order()
        self.row = get_object_or_404(rows, pk=row)


class LedgerPaper(OneRow):
    """One row as a sheet of paper: to be signed, approved or filed."""

    def get(self, request, pk: int, code: str, row: int):
        self.load(row)
        return self.show(
            "ledger_paper",
            row=self.row,
            place=" ".join(self.row.place_names),
            facts=selectors.facts_of(self.ledger, self.row),
            today=self.today,
        )


class LedgerRow(OneRow):
    """One row: what it says, its history; whoever keeps it corrects or withdraws it here."""

    def load(self, row: int) -> None:
        super().load(row)
        may_keep = can_keep(self.request.user, self.ledger, self.row.place)
        self.may_change = may_keep and self.row.withdrawn_at is None

    def forms(self, action: str = "") -> dict:
        sent = self.request.POST
        facts = self.ledger.values_of(self.row)
        facts["seen"] = services.fingerprint(self.ledger, self.row)
        return {
            "form": LedgerForm(
                sent if action == "save" else None, ledger=self.ledger, initial=facts
            ),
            "withdraw_form": WithdrawForm(sent if action == "withdraw" else None),
        }

    def get(self, request, pk: int, code: str, row: int):
        self.load(row)
        return self.page(self.forms())

    def post(self, request, pk: int, code: str, row: int):
        self.load(row)
        action = request.POST.get("action")
        if action in ("approve", "acknowledge"):
            return self.sign(action)
        check_can_keep(request.user, self.ledger, self.row.place)
        action = "withdraw" if action == "withdraw" else "save"
        forms = self.forms(action)
        form = forms["withdraw_form" if action == "withdraw" else "form"]
        if not form.is_valid():
            return self.page(forms, status=422)
        try:
            done = self.withdraw(form) if action == "withdraw" else self.save(form)
        except Refused as refusal:
            return self.page(forms, status=self.refuse(form, refusal))
        messages.success(
            request, "已撤销，原记录保留备查。" if action == "withdraw" else "已保存。"
        )
        return redirect("ledger_row", pk=pk, code=code, row=done.pk)

    def acting(self) -> dict:
        return {"ledger": self.ledger, "row": self.row, "by": self.request.user, "at": self.at}

    def withdraw(self, form):
        return services.withdraw_row(**self.acting(), reason=form.cleaned_data["reason"])

    def save(self, form):
        return services.save_row(
            **self.acting(),
            campaign=self.campaign,
            place=self.row.place,
            values=form.values(),
            seen=form.cleaned_data["seen"],
        )

    def sign(self, action: str):
        """批准, 已阅: nothing is typed."""
        try:
            if action == "approve":
                services.approve_row(**self.acting())
            else:
                services.acknowledge_row(**self.acting())
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return self.page(self.forms(), status=422)
        messages.success(self.request, "已批准。" if action == "approve" else "已签阅。")
        return redirect(self.request.path)

    def page(self, forms: dict, *, status: int = 200):
        return self.show(
            "ledger_row",
            status=status,
            row=self.row,
            place=" ".join(self.row.place_names),
            facts=selectors.facts_of(self.ledger, self.row),
            events=selectors.history(self.ledger, self.row),
            may_change=self.may_change,
            may_approve=services.can_approve(self.request.user, self.ledger, self.row),
            receipts=selectors.receipts_of(self.request.user, self.ledger, self.campaign, self.row),
            may_acknowledge=services.can_acknowledge(self.request.user, self.ledger),
            **forms,
        )
