"""The stage pages of the two ballots."""

from elections import rules
from elections.enums import BallotPost, Stage
from elections.models import Roll
from elections.permissions import can_certify
from elections.selectors import due_by_name
from elections.views.stage import StagePage

from .. import forms, selectors
from ..enums import ElectedPostKind
from ..models import ElectedPost
from ..services import ballots


class BallotPage(StagePage):
    """The rounds so far, explained in words, and the form of the round that must follow."""

    fact_forms = {
        "round": forms.RoundForm,
        "certify": forms.CertifyRoundForm,
        "reduce": forms.ReductionForm,
        "withdraw": forms.WithdrawRoundForm,
    }
    shared_fact_actions = ("certify",)
    template_name = "candidates/stage_ballot.html"

    def load(self, pk: int) -> None:
        super().load(pk)
        self.meeting = selectors.meeting_of(self.election, self.stage)
        self.contests = selectors.contests(self.election, self.stage, self.meeting)
        self.live = None
        if contest := self.open_contest:
            self.live = selectors.live_count(self.election, self.stage, contest)

    @property
    def open_contest(self) -> selectors.Contest | None:
        return next((c for c in self.contests if c.next_kind), None)

    def may_reduce(self) -> bool:
        """Whether giving up the open seats may be asked at all; how many must agree is said by the form."""
        contest = self.open_contest
        return bool(
            contest
            and contest.post == BallotPost.COMMITTEE
            and contest.rounds
            and contest.outcome.elected
            and not contest.outcome.tied
        )

    def due(self) -> int | None:
        if self.stage == Stage.COMMITTEE_BALLOT:
            rolls = Roll.objects.current().filter(election=self.election)
            return rolls.values_list("due", flat=True).first()
        return ElectedPost.objects.filter(
            election=self.election, post=ElectedPostKind.MEMBER
        ).count()

    def form_kwargs(self, action: str) -> dict:
        if action != "round":
            return {}
        initial = {}
        if self.meeting:
            names = ("held_on", "present", "chair", "recorder")
            initial = {name: getattr(self.meeting, name) for name in names}
            initial["tellers"] = [m.pk for m in self.meeting.tellers.all()]
        contest = self.open_contest
        if self.live and self.live.counted:
            initial |= forms.tally_initial(self.live.counted)
        standing = {c.member_id for c in contest.next_candidates} if contest else set()
        eligible = selectors.eligible_members(self.election, on=self.today)
        members = [m for m in eligible if m.pk not in standing]
        written = selectors.may_be_written_in(self.election, self.stage, on=self.today)
        kind = selectors.BALLOT_MEETING[self.stage]
        first = not any(c.rounds for c in self.contests)
        return {
            "contest": contest,
            "members": members,
            "written": written,
            "due": due_by_name(self.election, kind) if first else (),
            "initial": initial,
        }

    def facts_context(self) -> dict:
        due = self.due()
        strict = self.election.rule_set.quorum_strict
        return {
            "meeting": self.meeting,
            "contests": self.contests,
            "open_contest": self.open_contest,
            "may_certify": can_certify(self.request.user, self.election) and self.record_is_open(),
            "live": self.live,
            "may_reduce": self.may_reduce(),
            "has_rounds": any(c.rounds for c in self.contests),
            "may_correct": can_certify(self.request.user, self.election),
            "corrections": selectors.corrections_of(self.election, self.stage),
            "regulation": rules.ELECTION_REGULATION,
            "due": due,
            "quorum": rules.quorum_needed(due, strict=strict) if due else None,
            "elected": list(
                ElectedPost.objects.filter(election=self.election)
                .select_related("member")
                .order_by("post", "-votes", "pk")
            ),
        }

    def save_round(self, form) -> str:
        data = form.cleaned_data
        ballots.record_round(
            **self._acting(),
            stage=self.stage,
            post=BallotPost(data["post"]),
            number=data["number"],
            gathering=form.gathering(),
            count=form.count(),
        )
        return "已登记计票，结果见下。"

    def save_certify(self, form) -> str:
        row = ballots.certify_round(
            **self._acting(), stage=self.stage, round_id=form.cleaned_data["round"]
        )
        return f"已核对第{row.number}轮计票。"

    def save_reduce(self, form) -> str:
        row = ballots.reduce_seats(**self._acting(), **form.cleaned_data)
        return f"已登记：经半数以上选举人同意，委员名额减为{row.seats}名。"

    def save_withdraw(self, form) -> str:
        ballots.withdraw_last_round(
            **self._acting(), stage=self.stage, reason=form.cleaned_data["reason"]
        )
        return "已撤回最后登记的一项，请重新登记。"


class CommitteeBallot(BallotPage):
    stage = Stage.COMMITTEE_BALLOT


class SecretaryBallot(BallotPage):
    stage = Stage.SECRETARY_BALLOT
