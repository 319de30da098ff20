"""换届工作简报: the list, one issue with its versions, a new version of it, its files."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from .. import bulletin_words
from ..bulletin_files import document_of, workbook_of
from ..bulletin_picture import picture_data
from ..bulletin_sheet import HEADS, sheet_of
from ..models import Bulletin
from ..permissions import can_produce, check_can_produce
from ..selectors.bulletins import versions_of_issue
from ..selectors.corrected import corrections_after, shown, with_corrected
from ..selectors.daily import amended_since, with_amended
from ..services.exports import record_bulletin_file
from ..services.jobs import request_bulletin
from .base import CampaignPage
from .closing import DOCX, XLSX
from .imports import download

PAGE = 20
#: Ending of a bulletin's file → how it is written, its type.
FILES = {"docx": (document_of, DOCX), "xlsx": (workbook_of, XLSX)}


class BulletinList(CampaignPage):
    def get(self, request, pk: int):
        rows = with_corrected(
            with_amended(Bulletin.objects.visible_to(request.user).current()),
            moment="produced_at",
            day="day",
        ).filter(campaign=self.campaign)
        page = Paginator(rows.order_by("-day"), PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "page": page,
            "may_produce": can_produce(request.user, self.campaign),
            "today": self.today,
        }
        return render(request, "reporting/bulletin_list.html", context)

    def post(self, request, pk: int):
        """Ask for today's bulletin now, or for a new version of it."""
        check_can_produce(request.user, self.campaign)
        job = request_bulletin(campaign=self.campaign, day=self.today, by=request.user, at=self.at)
        return redirect("job_detail", pk=job.pk)


class BulletinPage(CampaignPage):
    def load(self, issue: int, version: int | None = None) -> None:
        """The version of the address, or the newest, and the one before it. Raises Http404."""
        self.versions = versions_of_issue(self.request.user, self.campaign, issue)
        wanted = [b for b in self.versions if version in (None, b.version)]
        if not wanted:
            raise Http404
        self.bulletin = wanted[0]
        self.before = next((b for b in self.versions if b.version < self.bulletin.version), None)
        self.sheet = sheet_of(self.campaign, self.bulletin, self.before)


class BulletinDetail(BulletinPage):
    """One version, with what it says differently from the one before."""

    def get(self, request, pk: int, issue: int, version: int | None = None):
        self.load(issue, version)
        context = {
            "campaign": self.campaign,
            "bulletin": self.bulletin,
            "versions": self.versions,
            "sheet": self.sheet,
            "heads": HEADS,
            "progress": bulletin_words.progress(self.sheet),
            "reports": bulletin_words.reports(self.sheet),
            "missing": bulletin_words.missing(self.sheet),
            "changes": bulletin_words.changes(self.sheet, self.before.version)
            if self.before
            else "",
            "chat": bulletin_words.chat_text(self.sheet),
            "picture": picture_data(self.sheet),
            "corrected": [],
            "amended": [],
            "may_produce": can_produce(request.user, self.campaign),
        }
        if self.bulletin is self.versions[0]:
            context |= self.outdated()
        return render(request, "reporting/bulletin_detail.html", context)

    def outdated(self) -> dict:
        """What the newest version used that was corrected since."""
        bulletin, corrected = self.bulletin, []
        if bulletin.is_corrected:
            rows = corrections_after(self.campaign, moment=bulletin.produced_at, day=bulletin.day)
            corrected = shown(rows.visible_to(self.request.user))
        return {"corrected": corrected, "amended": amended_since(bulletin)}

    def post(self, request, pk: int, issue: int):
        """Ask for a new version of this issue."""
        self.load(issue)
        check_can_produce(request.user, self.campaign)
        job = request_bulletin(
            campaign=self.campaign, day=self.bulletin.day, by=request.user, at=self.at
        )
        return redirect("job_detail", pk=job.pk)


class BulletinVersion(BulletinDetail):
    """An earlier version: to read, not to write from."""

    http_method_names = ["get", "head", "options"]


class BulletinFile(BulletinPage):
    """A version as a document or a workbook."""

    def get(self, request, pk: int, issue: int, version: int, ending: str):
        if ending not in FILES:
            raise Http404
        self.load(issue, version)
        write, content_type = FILES[ending]
        name = f"{self.campaign.name}简报{self.bulletin.words}.{ending}"
        record_bulletin_file(
            target=self.bulletin,
            name=name,
            ending=ending,
            campaign=self.campaign,
            by=request.user,
            at=self.at,
        )
        return download(write(self.sheet), name, content_type)
