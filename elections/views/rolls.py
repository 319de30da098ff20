"""The page of stage 5: the roll and its versions."""

from django.utils.functional import cached_property

from villages.models import PartyMember, Representative

from .. import rules, selectors
from ..enums import Stage
from ..forms import rolls as forms
from ..models import Roll, RollEntry
from ..services import rolls as services
from .stage import StagePage


class Roster(StagePage):
    stage = Stage.ROSTER
    template_name = "elections/stage_roster.html"
    fact_forms = {"facts": forms.RollForm}

    @cached_property
    def versions(self) -> list[Roll]:
        """Every version of the roll with its entries, the newest first (two queries)."""
        return list(
            Roll.objects.filter(election=self.election)
            .select_related("frozen_by")
            .prefetch_related("entries")
            .order_by("-version")
        )

    @property
    def roll(self) -> Roll | None:
        return self.versions[0] if self.versions else None

    @property
    def entries(self) -> list[RollEntry]:
        return list(self.roll.entries.all()) if self.roll else []

    @cached_property
    def listed(self) -> int:
        """How many representatives the village has recorded."""
        people = Representative.objects.current().filter(village=self.election.village_id)
        return people.count()

    def form_kwargs(self, action: str) -> dict:
        if action != "facts":
            return {}
        members = PartyMember.objects.current().filter(village=self.election.village_id)
        voters = list(members.full(on=self.today).order_by("pk"))
        initial, excluded = {"version": 0}, {}
        if self.roll:
            fields = ("version", "published_on", "representatives", "representatives_published_on")
            initial = {name: getattr(self.roll, name) for name in fields}
            for entry in self.entries:
                if entry.exclusion:
                    excluded[entry.member_id] = entry.exclusion
                    initial["superior_agreed_on"] = entry.superior_agreed_on
                    initial["adopted_on"] = entry.adopted_on
        return {
            "members": voters,
            "excluded": excluded,
            "listed": self.listed,
            "initial": initial,
        }

    def facts_context(self) -> dict:
        return {
            "roll": self.roll,
            "entries": self.entries,
            "earlier": self.versions[1:],
            "women_warnings": rules.women_warnings(
                eligible=selectors.eligible_women(on=self.today)
                .filter(village=self.election.village_id)
                .count(),
                minimum=self.election.rule_set.women_needed,
            ),
            "listed": self.listed,
        }

    def save_facts(self, form) -> str:
        data = form.cleaned_data
        roll = services.freeze_roll(
            **self._acting(),
            published_on=data["published_on"],
            representatives=data.get("representatives"),
            representatives_published_on=data["representatives_published_on"],
            exclusions=form.exclusions(),
            expected_version=data["version"],
        )
        return (
            f"名册已核定（第{roll.version}版）：有选举权{roll.voters}人，不计入{roll.excluded}人，"
            f"应到会{roll.due}人。"
        )
