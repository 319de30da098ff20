"""怎样举报: the pages of the public. No account, no script, no cookie, no trace of who asked.

Without a session there is nothing that a forged request could borrow, so Django's cookie for that is not set; a form
carries a signed key instead, and a browser that says it was sent here by another site is turned away.
"""

import secrets

from csp.decorators import csp_replace
from django.conf import settings
from django.core import signing
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.errors import Conflict, Refused
from villages.models import Village

from ..addresses import client_address
from ..enums import Accused
from ..forms import public as forms
from ..selectors import public as selectors
from ..services import public as services
from ..services.intake import About, Reporter

#: Bytes of one request: three files and the text.
MAX_REQUEST = 21 * 1024 * 1024
#: How long a form stays good. It is given out anew, with what was typed, when it is older.
FORM_SECONDS = 24 * 60 * 60
_signer = signing.TimestampSigner(salt="public-report")

NOTHING_BUT_OURS = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'none'"],
    "connect-src": ["'none'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


class InMemory(MemoryFileUploadHandler):
    """Keeps files of any size in memory: nothing of a reporter's lies in a folder for temporary files. The size of the
    whole request is limited before it is read."""

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(csp_replace(NOTHING_BUT_OURS), name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class PublicPage(View):
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        request.upload_handlers = [InMemory(request)]
        if request.method == "POST":
            response = self.refusal(request) or super().dispatch(request, *args, **kwargs)
        else:
            response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def refusal(self, request) -> HttpResponse | None:
        """The answer to a request that is too large, or that another site sent."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return self.page("public_refused", status=403, words="请从本站的页面提交。")
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST:
            words = "附件合计超过20MB：请返回上一页，减少或压缩后再提交。"
            return self.page("public_refused", status=413, words=words)
        return None

    def page(self, name: str, *, status: int = 200, **context) -> HttpResponse:
        """Rendered without the request: no user, no session, no cookie."""
        return HttpResponse(render_to_string(f"complaints/{name}.html", context), status=status)


def _new_key() -> str:
    return _signer.sign(secrets.token_urlsafe(16))


class PublicReport(PublicPage):
    """First the township, then the report: two plain forms, because a list of villages cannot change without script."""

    def get(self, request):
        return self.start(forms.TownshipForm(townships=selectors.townships()))

    @sensitive_variables()
    def post(self, request):
        chosen = forms.TownshipForm(request.POST, townships=selectors.townships())
        if not chosen.is_valid():
            return self.start(chosen, status=422)
        township = chosen.cleaned_data["township"]
        campaign = selectors.campaign_of(township)
        elections = selectors.elections_of(campaign, township)
        villages = Village.objects.filter(pk__in=elections.values("village")).order_by("code")
        if "key" not in request.POST:
            return self.form(township, forms.PublicReportForm(villages=villages), _new_key())
        form = forms.PublicReportForm(request.POST, request.FILES, villages=villages)
        try:
            key = _signer.unsign(request.POST["key"], max_age=FORM_SECONDS)
        except signing.SignatureExpired:
            form.add_error(
                None, "页面打开的时间太长了：内容都还在，请再点一次“提交”（附件要重选）。"
            )
            return self.form(township, form, _new_key(), status=422)
        except signing.BadSignature:
            return self.page("public_refused", status=403, words="页面已失效：请从头再来。")
        if not form.is_valid():
            return self.form(township, form, request.POST["key"], status=422)
        sent = form.cleaned_data
        election = elections.filter(village=sent["village"]).first() if sent["village"] else None
        try:
            done = services.send_report(
                campaign=campaign,
                report=_report(sent, campaign, township, election),
                form_key=key,
                address=client_address(request.META, proxies=settings.TRUSTED_PROXIES),
                at=self.at,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                field = problem.code if problem.code in form.fields else None
                form.add_error(field, problem.message)
            status = 409 if isinstance(refusal, Conflict) else 422
            return self.form(township, form, request.POST["key"], status=status)
        groups = [done.receipt[n : n + 4] for n in range(0, len(done.receipt), 4)]
        return self.page("public_sent", receipt=groups, is_repeat=done.is_repeat)

    def start(self, form, *, status: int = 200):
        return self.page("public_start", status=status, form=form)

    def form(self, township, form, key: str, *, status: int = 200):
        return self.page("public_form", status=status, township=township, form=form, key=key)


def _report(sent: dict, campaign, township, election) -> services.Report:
    whom = sent["whom"]
    unit = township
    if whom in (Accused.ORG_STAFF, Accused.VETTING, "county"):
        unit = township.county
        whom = Accused.LEADER if whom == "county" else whom
    about = About(
        election=election,
        township=None if election else township,
        stage=sent["stage"],
        accused=whom,
        accused_unit=unit if whom != Accused.VILLAGE else None,
    )
    return services.Report(
        cause=sent["cause"],
        summary=sent["summary"],
        category=sent["category"],
        about=about,
        is_named=sent["is_named"],
        reporter=Reporter(sent["name"], sent["phone"], sent["address"]),
        files=sent["files"],
    )


class PublicReceipt(PublicPage):
    """How a report stands, asked by receipt; the receipt is never part of an address."""

    def get(self, request):
        return self.page("public_receipt", form=forms.ReceiptForm())

    @sensitive_variables()
    def post(self, request):
        form = forms.ReceiptForm(request.POST)
        if not form.is_valid():
            return self.page("public_receipt", status=422, form=form)
        receipt = form.cleaned_data["receipt"]
        try:
            complaint = services.find_report(receipt=receipt)
        except Refused as refusal:
            form.add_error("receipt", str(refusal))
            return self.page("public_receipt", status=422, form=form)
        added = forms.FollowUpForm()
        status, is_added = 200, False
        if request.POST.get("action") == "add":
            added = forms.FollowUpForm(request.POST, request.FILES)
            status, is_added = self.add(added, receipt)
            if is_added:
                added = forms.FollowUpForm()
        return self.page(
            "public_standing",
            status=status,
            receipt=receipt,
            standing=selectors.standing_of(complaint),
            is_open=complaint.is_open,
            is_added=is_added,
            form=added,
        )

    def add(self, form, receipt: str) -> tuple[int, bool]:
        if not form.is_valid():
            return 422, False
        try:
            services.add_to_report(receipt=receipt, **form.cleaned_data, at=self.at)
        except Refused as refusal:
            for problem in refusal.problems:
                field = problem.code if problem.code in form.fields else None
                form.add_error(field, problem.message)
            return 422, False
        return 200, True
