"""简报汇总: one day's bulletins of all campaigns in a city or above. An area outside the user's own does not exist."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .. import bulletin_words
from ..bulletin_picture import picture_data
from ..bulletin_sheet import HEADS, sheet_of_area
from ..context import current_campaign
from ..selectors import overview
from ..selectors.bulletins import area_day
from ..services.exports import record_bulletin_file
from .base import Page
from .bulletins import FILES
from .daily import parse_day
from .imports import download


class AreaPage(Page):
    def load(self, pk: int, day: date | None) -> None:
        """Area, day and sheet. Raises Http404."""
        self.area = overview.area_of(self.request.user, pk)
        if self.area is None:
            raise Http404
        self.found = area_day(self.request.user, self.area, day, today=self.today)
        self.sheet = sheet_of_area(
            self.area, self.found.day, self.found.bulletins, self.found.absent
        )


class AreaBulletins(AreaPage):
    """Ranked, with their sum; who has no bulletin yet."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = request.GET.get("day")
        self.load(pk, parse_day(asked, self.today) if asked else None)
        sheet, day = self.sheet, self.found.day
        context = {
            "area": self.area,
            "sheet": sheet,
            "heads": HEADS,
            "progress": bulletin_words.progress(sheet),
            "counted": bulletin_words.counted(sheet),
            "reports": bulletin_words.reports(sheet),
            "missing": bulletin_words.missing(sheet),
            "chat": bulletin_words.chat_text(sheet),
            "picture": picture_data(sheet),
            "previous_day": day - timedelta(days=1) if day > self.found.first else None,
            "next_day": day + timedelta(days=1) if day < self.found.last else None,
            "campaign": current_campaign(request),
        }
        return render(request, "reporting/area_bulletins.html", context)


class AreaBulletinFile(AreaPage):
    """The same day as a document or a workbook."""

    def get(self, request: HttpRequest, pk: int, day: str, ending: str) -> HttpResponse:
        if ending not in FILES:
            raise Http404
        self.load(pk, parse_day(day, self.today))
        write, content_type = FILES[ending]
        name = f"{self.area.name}换届工作简报汇总{self.found.day:%Y%m%d}.{ending}"
        record_bulletin_file(
            target=self.area, name=name, ending=ending, campaign=None, by=request.user, at=self.at
        )
        return download(write(self.sheet), name, content_type)
