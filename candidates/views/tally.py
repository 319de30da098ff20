"""唱票计票: a teller's page, the strokes it sends, the screen that the meeting watches."""

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Conflict, Forbidden, Refused
from elections.enums import Stage
from elections.models import VillageElection
from elections.permissions import can_certify, check_can_certify
from elections.stages import STAGES

from .. import selectors
from ..enums import MarkKind
from ..models import TallySheet
from ..services import tally


class TallyPage(LoginRequiredMixin, View):
    """A village's ballot that is being counted: its open contest and the sheets of that round."""

    def load(self, pk: int, ballot: str) -> None:
        if ballot not in (Stage.COMMITTEE_BALLOT, Stage.SECRETARY_BALLOT):
            raise Http404
        self.stage = Stage(ballot)
        self.election = get_object_or_404(
            VillageElection.objects.visible_to(self.request.user).select_related(
                "campaign", "rule_set", "village__organisation", "township", "county"
            ),
            pk=pk,
        )
        contests = selectors.contests(self.election, self.stage)
        self.contest = next((c for c in contests if c.next_kind), None)
        self.sheets = []
        if self.contest:
            self.sheets = list(selectors.sheets_of(self.election, self.stage, self.contest))

    def people(self, sheet: TallySheet | None) -> list[dict]:
        """Number, id and name of the candidates, in the order of the ballot."""
        found = self.contest.next_candidates if self.contest else ()
        if sheet:
            place = {pk: n for n, pk in enumerate(sheet.candidates)}
            found = sorted(found, key=lambda c: place.get(c.pk, len(place)))
        return [{"number": n, "pk": c.pk, "name": c.member.name} for n, c in enumerate(found, 1)]


class TallyBoard(TallyPage):
    """Start counting, count, compare with the other teller."""

    ACTIONS = ("open", "close", "reopen", "restart")

    def get(self, request, pk: int, ballot: str):
        self.load(pk, ballot)
        check_can_certify(request.user, self.election)
        return self.page()

    def post(self, request, pk: int, ballot: str):
        self.load(pk, ballot)
        check_can_certify(request.user, self.election)
        action = request.POST.get("action")
        own = self.own()
        if action not in self.ACTIONS or (own is None and action != "open"):
            messages.error(request, "页面已更新，请核对后重新操作。")
            return redirect(request.path)
        acting = {"by": request.user, "at": timezone.now()}
        try:
            if action == "open":
                tally.open_sheet(election=self.election, stage=self.stage, **acting)
            elif action == "close":
                tally.close_sheet(sheet=own, **acting)
            elif action == "reopen":
                tally.reopen_sheet(sheet=own, **acting)
            else:
                tally.restart_sheet(sheet=own, reason=request.POST.get("reason", ""), **acting)
        except Refused as refusal:
            status = 409 if isinstance(refusal, Conflict) else 422
            return self.page(refusals=[p.message for p in refusal.problems], status=status)
        return redirect(request.path)

    def own(self) -> TallySheet | None:
        return next((s for s in self.sheets if s.teller_id == self.request.user.pk), None)

    def page(self, *, refusals=(), status: int = 200):
        own = self.own()
        marks = []
        if own:
            marks = [
                {"uid": str(m.uid), "kind": m.kind, "candidacy": m.candidacy_id}
                | ({"undoes": str(m.undoes)} if m.undoes else {})
                for m in own.marks.order_by("pk")
            ]
        context = {
            "election": self.election,
            "stage": self.stage,
            "spec": STAGES[self.stage],
            "contest": self.contest,
            "own": own,
            "others": [s for s in self.sheets if s != own],
            "is_full": len(self.sheets) >= tally.TELLERS,
            "people": self.people(own),
            "marks": marks,
            "live": selectors.live_count(self.election, self.stage, self.contest)
            if self.contest and own and own.closed_at
            else None,
            "counted": selectors.counted_on([own])[own.pk] if own and own.closed_at else None,
            "refusals": refusals,
        }
        return render(self.request, "candidates/tally.html", context, status=status)


def _answer(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


class TallyMarks(LoginRequiredMixin, View):
    """Strokes from a teller's device: {marks: [{uid, kind, candidacy?, undoes?}]} → {count}, or {message} with why not."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        sheet = get_object_or_404(
            TallySheet.objects.visible_to(request.user).select_related("election"), pk=pk
        )
        check_can_certify(request.user, sheet.election)
        try:
            marks = [_mark(item) for item in json.loads(request.body)["marks"]]
        except (ValueError, KeyError, TypeError):
            return _answer("同步的内容无法识别：请刷新页面后重试。", 422)
        try:
            count = tally.add_marks(sheet=sheet, marks=marks, by=request.user, at=timezone.now())
        except Conflict as conflict:
            return _answer(str(conflict), 409)
        except Refused as refusal:
            return _answer(str(refusal), 422)
        except Forbidden as forbidden:
            return _answer(str(forbidden), 403)
        return JsonResponse({"count": count})


def _mark(item: dict) -> tally.Mark:
    """One stroke as it was sent. Raises ValueError, KeyError or TypeError for anything else."""
    kind = MarkKind(item["kind"])
    voted = kind in (MarkKind.FAVOUR, MarkKind.AGAINST)
    return tally.Mark(
        uid=UUID(item["uid"]),
        kind=kind,
        candidacy=int(item["candidacy"]) if voted else None,
        undoes=UUID(item["undoes"]) if kind == MarkKind.UNDO else None,
    )


class TallyScreen(TallyPage):
    """大屏: what the first teller has counted so far; `?part=1` gives the figures alone, for the page to ask every second."""

    def get(self, request, pk: int, ballot: str):
        self.load(pk, ballot)
        if "part" not in request.GET:
            context = {
                "election": self.election,
                "spec": STAGES[self.stage],
                "contest": self.contest,
                "stage": self.stage,
                "people": self.people(self.sheets[0] if self.sheets else None),
                "may_count": can_certify(request.user, self.election),
            }
            return render(request, "candidates/tally_screen.html", context)
        return self.figures(request)

    def figures(self, request) -> HttpResponse:
        first = self.sheets[0] if self.sheets else None
        last = first.marks.order_by("-pk").values_list("pk", flat=True).first() if first else None
        version = f'"{first.pk if first else 0}-{last or 0}-{bool(first and first.closed_at)}"'
        if request.headers.get("If-None-Match") == version:
            response: HttpResponse = HttpResponseNotModified()
        elif first is None:
            response = JsonResponse({"valid": 0, "invalid": 0, "votes": [], "state": "waiting"})
        else:
            counted = selectors.counted_on([first])[first.pk]
            response = JsonResponse(
                {
                    "valid": counted.valid,
                    "invalid": counted.invalid,
                    "votes": [
                        {"pk": pk, "name": name, "favour": favour}
                        for pk, (name, favour, _) in counted.votes.items()
                    ],
                    "state": "closed" if first.closed_at else "counting",
                }
            )
        response["ETag"] = version
        response["Cache-Control"] = "private, no-cache"
        return response
