"""The stage pages whose facts belong to elections, but for the roll's (`rolls`)."""

from villages.models import PartyMember

from .. import rules
from ..enums import MeetingKind, NoticeKind, Stage
from ..forms import facts as forms
from ..holidays import CALENDAR
from ..models import Handover, Meeting, Notice, OfficialDocument
from ..services import facts as services
from .stage import StagePage


class PapersMixin:
    """Initial values and reading view of a stage's papers."""

    def papers(self) -> list[OfficialDocument]:
        rows = OfficialDocument.objects.filter(election=self.election, stage=self.stage)
        order = {"request": 1, "reply": 2, "filing": 3}
        return sorted(rows, key=lambda paper: order[paper.kind])

    def papers_initial(self) -> dict:
        initial = {}
        for paper in self.papers():
            initial[f"{paper.kind}_number"] = paper.number
            initial[f"{paper.kind}_on"] = paper.issued_on
        return initial


class Petition(PapersMixin, StagePage):
    stage = Stage.PETITION
    template_name = "elections/stage_petition.html"
    fact_forms = {"facts": forms.PetitionForm}

    def form_kwargs(self, action: str) -> dict:
        if action != "facts":
            return {}
        organisation = self.election.village.organisation
        initial = self.papers_initial() | {
            "organisation_kind": organisation.kind,
            "term_ends_on": organisation.term_ends_on,
            "county_approval": self.election.county_approval,
            "shift_approval": self.election.shift_approval,
        }
        if self.election.committee_seats is not None:
            initial |= {
                "committee_seats": self.election.committee_seats,
                "deputy_seats": self.election.deputy_seats,
            }
        return {"initial": initial}

    def facts_context(self) -> dict:
        members = PartyMember.objects.current().filter(village=self.election.village_id)
        full = members.full(on=self.today).count()
        return {
            "papers": self.papers(),
            "full_members": full,
            "needs_committee": rules.needs_committee(full),
            "committee_from": rules.COMMITTEE_FROM_MEMBERS,
            "sizes": rules.COMMITTEE_SIZES[self.election.village.organisation.kind],
            "organisation": self.election.village.organisation,
        }

    def save_facts(self, form) -> str:
        services.save_petition(
            **self._acting(),
            papers=form.papers(),
            committee_seats=form.cleaned_data["committee_seats"],
            deputy_seats=form.cleaned_data["deputy_seats"],
            organisation=form.organisation(),
        )
        return "已保存请示、批复和职数。"


class Mobilisation(StagePage):
    stage = Stage.MOBILISATION
    template_name = "elections/stage_mobilisation.html"
    fact_forms = {"facts": forms.MobilisationForm}

    def meetings(self) -> list[Meeting]:
        return list(
            Meeting.objects.filter(
                election=self.election, kind__in=forms.MobilisationForm.kinds
            ).order_by("held_on", "pk")
        )

    def form_kwargs(self, action: str) -> dict:
        if action != "facts":
            return {}
        initial = {}
        for meeting in self.meetings():
            initial[f"{meeting.kind}_on"] = meeting.held_on
            initial[f"{meeting.kind}_present"] = meeting.present
        return {"initial": initial}

    def facts_context(self) -> dict:
        return {"meetings": self.meetings()}

    def save_facts(self, form) -> str:
        services.save_meetings(
            **self._acting(),
            meetings=[
                services.Gathering(
                    MeetingKind(kind),
                    form.cleaned_data[f"{kind.value}_on"],
                    form.cleaned_data[f"{kind.value}_present"],
                )
                for kind in form.kinds
            ],
        )
        return "已保存三次会议。"


class NoticePage(StagePage):
    stage = Stage.NOTICE
    template_name = "elections/stage_notice.html"
    fact_forms = {"facts": forms.NoticeForm}
    kind = NoticeKind.CANDIDATES

    def notice(self) -> Notice | None:
        return Notice.objects.filter(election=self.election, kind=self.kind).first()

    def form_kwargs(self, action: str) -> dict:
        notice = self.notice() if action == "facts" else None
        if notice is None:
            return {}
        fields = ("starts_on", "ends_on", "place")
        return {"initial": {name: getattr(notice, name) for name in fields}}

    def facts_context(self) -> dict:
        notice = self.notice()
        days = rules.working_days(notice.starts_on, notice.ends_on, CALENDAR) if notice else None
        return {
            "notice": notice,
            "days": days,
            "minimum": self.election.rule_set.notice_working_days,
        }

    def save_facts(self, form) -> str:
        data = form.cleaned_data
        services.save_notice(
            **self._acting(),
            kind=self.kind,
            starts_on=data["starts_on"],
            ends_on=data.get("ends_on") or data["starts_on"],
            place=data["place"],
        )
        return "已保存。"


class Announcement(NoticePage):
    stage = Stage.ANNOUNCEMENT
    template_name = "elections/stage_announcement.html"
    fact_forms = {"facts": forms.AnnouncementForm}
    kind = NoticeKind.RESULT


class Approval(PapersMixin, StagePage):
    stage = Stage.APPROVAL
    template_name = "elections/stage_approval.html"
    fact_forms = {"facts": forms.ApprovalForm}

    def form_kwargs(self, action: str) -> dict:
        return {"initial": self.papers_initial()} if action == "facts" else {}

    def facts_context(self) -> dict:
        return {"papers": self.papers()}

    def save_facts(self, form) -> str:
        services.save_documents(**self._acting(), stage=self.stage, papers=form.papers())
        return "已保存公文。"


class HandoverPage(StagePage):
    stage = Stage.HANDOVER
    template_name = "elections/stage_handover.html"
    fact_forms = {"facts": forms.HandoverForm}

    def handover(self) -> Handover | None:
        return Handover.objects.filter(election=self.election).first()

    def form_kwargs(self, action: str) -> dict:
        handover = self.handover() if action == "facts" else None
        if handover is None:
            return {}
        fields = ("handed_on", "from_name", "to_name", "witness", "items")
        return {"initial": {name: getattr(handover, name) for name in fields}}

    def facts_context(self) -> dict:
        return {"handover": self.handover()}

    def save_facts(self, form) -> str:
        services.save_handover(**self._acting(), **form.cleaned_data)
        return "已保存移交情况。"
