"""近亲属申报 of one village, and which pairs stand together."""

from django.shortcuts import get_object_or_404, render

from elections import permissions
from elections.models import VillageElection
from villages.models import PartyMember

from .. import forms, selectors
from ..enums import OUT, RelationKind
from ..models import Candidacy, DeclaredRelation, ElectedPost
from ..services.relations import DECLARING, declare_relation, remove_relation
from .actions import ActionPage


class RelationList(ActionPage):
    FORMS = {"declare": forms.RelationForm, "remove": forms.RemoveRelationForm}

    def load(self, pk: int) -> None:
        self.election = get_object_or_404(
            VillageElection.objects.visible_to(self.request.user).select_related(
                "village", "township", "campaign"
            ),
            pk=pk,
        )

    def check(self) -> None:
        permissions.check_can_record(self.request.user, self.election)

    def form_kwargs(self, action: str) -> dict:
        if action != "declare":
            return {}
        members = PartyMember.objects.filter(village=self.election.village_id).current()
        return {"members": members.order_by("pk")}

    def save_declare(self, form) -> str:
        data = form.cleaned_data | {"kind": RelationKind(form.cleaned_data["kind"])}
        declare_relation(election=self.election, **data, by=self.request.user, at=self.at)
        return "已登记近亲属申报。"

    def save_remove(self, form) -> str:
        relation = get_object_or_404(
            DeclaredRelation.objects.visible_to(self.request.user),
            pk=form.cleaned_data["relation"],
            election=self.election,
        )
        remove_relation(relation=relation, by=self.request.user, at=self.at)
        return "已撤销申报。"

    def page(self, status: int = 200):
        election = self.election
        rows = list(
            DeclaredRelation.objects.visible_to(self.request.user)
            .filter(election=election)
            .select_related("member", "relative", "recorded_by")
            .order_by("declared_on", "pk")
        )
        standing = set(
            Candidacy.objects.filter(election=election)
            .exclude(status__in=OUT)
            .values_list("member_id", flat=True)
        )
        elected = set(
            ElectedPost.objects.filter(election=election).values_list("member_id", flat=True)
        )
        for row in rows:
            pair = {row.member_id, row.relative_id}
            row.both_elected, row.both_standing = pair <= elected, pair <= standing
        open_now = selectors.open_stage(election, DECLARING)
        context = {
            "election": election,
            "rows": rows,
            "form": self.shown_form("declare"),
            "errors": self.refusals(),
            "may_record": bool(open_now) and permissions.can_record(self.request.user, election),
        }
        return render(self.request, "candidates/relation_list.html", context, status=status)
