"""Any order of answers, corrections, returns, replacements, withdrawals and departures of users: no answer is lost, nobody is
asked twice without cause, nobody gets through with an answer missing, whoever leaves has one reason on record."""

from collections import Counter
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from candidates import gates
from candidates.enums import AskState, CandidacyStatus, ReviewLevel, ReviewResult
from candidates.models import Candidacy, Review, ReviewAsk, ReviewOpinion
from candidates.services import batches, countersign, reviews, withdrawal
from elections.enums import Stage
from elections.models import VillageElection
from tests.factories.elections import CampaignFactory, at_stage
from tests.factories.villages import (
    CountyFactory,
    PartyMemberFactory,
    TownshipFactory,
    UserFactory,
    VillageFactory,
)
from villages.models import Posting
from villages.scoping import forget_postings

from .joint import COURT, PETITIONS, POLICE, joint_of, vetting_user
from .people import AT, DAY, freeze, stand

NAMES = st.sampled_from((POLICE, COURT, PETITIONS))
PLACES = st.integers(0, 7)
ANSWERS = st.sampled_from((AskState.CLEAR, AskState.CLEAR, AskState.OBJECTION, AskState.SUPPLEMENT))


class JointReviewMachine(RuleBasedStateMachine):
    """Three people of a village, and whoever replaces them. `given`: what departments answered, as they would remember."""

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def open(self):
        county = CountyFactory()
        village = VillageFactory(township=TownshipFactory(parent=county))
        self.county = county
        self.members = PartyMemberFactory.create_batch(8, village=village)
        self.staff = UserFactory(role=Role.ORG_STAFF, where=county)
        self.second = UserFactory(role=Role.ORG_STAFF, where=county)
        coordinator = UserFactory(role=Role.COORDINATOR, where=village.township)
        campaign = CampaignFactory(area=county, by=self.staff)
        election = VillageElection.objects.select_related("campaign", "rule_set").get(
            campaign=campaign
        )
        self.election = at_stage(election, Stage.REVIEW, committee_seats=3)
        freeze(self.election, due=8)
        stand(self.election, self.members[:3])
        self.joint = joint_of(campaign, staff=self.staff, coordinator=coordinator, place=county)
        self.given: Counter[tuple[int, str]] = Counter()
        self.causes: Counter[tuple[int, str]] = Counter()

    # --- what people do ---------------------------------------------------------------------------

    def person(self, place: int) -> Candidacy:
        people = list(Candidacy.objects.filter(election=self.election).order_by("pk"))
        return people[place % len(people)]

    def attempt(self, act):
        """Do it, or be told why not: either is fine, half of it is not."""
        try:
            with transaction.atomic():
                return act()
        except (Refused, Forbidden):
            return None

    @rule(place=PLACES, fails=st.booleans())
    def township_reviews(self, place, fails):
        person = self.person(place)
        asked_for_more = [a for a in self.current(person) if a.state == AskState.SUPPLEMENT]
        more = {"result": ReviewResult.FAILED, "rule": "示例", "reason": "示例"} if fails else {}
        made = self.attempt(lambda: self.joint.first(person, supplement="示例：已补充", **more))
        if made and not fails:
            for ask in asked_for_more:
                self.causes[person.pk, ask.department.name] += 1

    @rule()
    def staff_send_whoever_waits(self):
        everybody = Candidacy.objects.filter(election=self.election)
        people = [p for p in everybody if self.attempt(partial(self.dry_send, p))]
        if not people:
            return
        for person in people:
            for name in (POLICE, COURT, PETITIONS):
                if name not in {
                    a.department.name for a in self.current(person) if a.state != "void"
                }:
                    self.causes[person.pk, name] += 1
        self.joint.send(*people)

    def dry_send(self, person):
        """Whether this person could be sent, without sending."""
        with transaction.atomic():
            batch = self.joint.send(person)
            transaction.set_rollback(True)
        return batch

    @rule(place=PLACES, name=NAMES, state=ANSWERS)
    def department_answers(self, place, name, state):
        person = self.person(place)
        ask = next((a for a in self.current(person) if a.department.name == name), None)
        if ask and self.attempt(lambda: self.joint.answer(name, person, state=state)):
            self.given[person.pk, name] += 1

    @rule(name=NAMES, disabled=st.booleans())
    def user_leaves_and_another_comes(self, name, disabled):
        gone = self.joint.users[name]
        if disabled:
            gone.is_active = False
            gone.save()
        else:
            Posting.objects.filter(user=gone).update(ends_on=DAY)
        forget_postings(gone)
        self.joint.users[name] = vetting_user(name, self.county)

    @rule(place=PLACES, fails=st.booleans())
    def county_decides(self, place, fails):
        person = self.person(place)
        more = {"result": ReviewResult.FAILED, "rule": "示例", "reason": "示例"} if fails else {}
        self.attempt(lambda: self.joint.county(person, set_aside="示例：不采纳", **more))

    @rule()
    def county_passes_all_who_are_ready(self):
        self.attempt(
            lambda: reviews.pass_reviews(
                election=self.election,
                stage=Stage.REVIEW,
                level=ReviewLevel.COUNTY,
                decided_on=DAY,
                by=self.staff,
                at=AT,
            )
        )

    @rule(agreed=st.booleans(), same=st.booleans())
    def second_person_looks(self, agreed, same):
        for review in Review.objects.filter(candidacy__election=self.election).pending():
            self.attempt(
                lambda review=review: countersign.countersign_review(
                    review=review,
                    stage=Stage.REVIEW,
                    agreed=agreed,
                    note="示例",
                    by=self.staff if same else self.second,
                    at=AT,
                )
            )

    @rule(place=PLACES)
    def county_returns(self, place):
        person = self.person(place)
        self.attempt(
            lambda: reviews.return_review(
                candidacy=person, stage=Stage.REVIEW, reason="示例", by=self.staff, at=AT
            )
        )

    @rule(place=PLACES, name=NAMES)
    def staff_ask_again(self, place, name):
        person = self.person(place)
        made = self.attempt(
            lambda: batches.ask_again(
                candidacy=person,
                stage=Stage.REVIEW,
                departments=[self.joint.department(name).pk],
                why="示例：补充了材料",
                by=self.staff,
                at=AT,
            )
        )
        if made:
            self.causes[person.pk, name] += 1

    @rule(place=PLACES)
    def person_withdraws(self, place):
        person = self.person(place)
        self.attempt(
            lambda: withdrawal.withdraw(
                candidacy=person,
                reason="示例",
                withdrawn_on=timezone.localdate(AT),
                by=self.joint.coordinator,
                at=AT,
            )
        )

    @precondition(lambda self: Candidacy.objects.filter(election=self.election).count() < 6)
    @rule()
    def somebody_replaces(self):
        number = Candidacy.objects.filter(election=self.election).count()
        Candidacy.objects.create(
            election=self.election,
            member=self.members[number],
            rank=number + 1,
            is_replacement=True,
        )

    # --- what holds -------------------------------------------------------------------------------

    def current(self, person) -> list[ReviewAsk]:
        return list(
            ReviewAsk.objects.filter(candidacy=person, is_current=True).select_related("department")
        )

    @invariant()
    def no_answer_is_lost(self):
        stored = Counter(
            ReviewOpinion.objects.filter(ask__candidacy__election=self.election).values_list(
                "ask__candidacy", "ask__department__name"
            )
        )
        assert stored == +self.given

    @invariant()
    def state_is_that_of_the_last_answer(self):
        for ask in ReviewAsk.objects.filter(candidacy__election=self.election):
            last = ask.opinions.order_by("-version").first()
            assert ask.version == (last.version if last else 0)
            if ask.state not in (AskState.OPEN, AskState.VOID):
                assert ask.state == last.answer
            else:
                assert last is None

    @invariant()
    def nobody_is_asked_twice_without_cause(self):
        asked = Counter(
            ReviewAsk.objects.filter(candidacy__election=self.election).values_list(
                "candidacy", "department__name"
            )
        )
        assert asked == +self.causes

    @invariant()
    def nobody_is_through_with_an_answer_missing(self):
        for person in Candidacy.objects.filter(election=self.election, status="cleared"):
            answered = {
                a.department.name: a.state for a in self.current(person) if a.state != "void"
            }
            assert {POLICE, COURT} <= set(answered)
            assert not {AskState.OPEN, AskState.SUPPLEMENT} & set(answered.values())
            county = person.reviews.get(level=ReviewLevel.COUNTY)
            assert county.is_in_force
            if AskState.OBJECTION in answered.values():
                assert county.set_aside
                assert county.second_by_id not in (None, county.decided_by_id)

    @invariant()
    def whoever_left_has_exactly_one_reason(self):
        for person in Candidacy.objects.filter(election=self.election):
            rejections = [
                r for r in person.reviews.filter(result=ReviewResult.FAILED) if r.is_in_force
            ]
            reasons = len(rejections) + bool(person.withdrawal_reason)
            left = person.status in (CandidacyStatus.REJECTED, CandidacyStatus.WITHDRAWN)
            assert reasons == left
            assert all(r.second_by_id not in (None, r.decided_by_id) for r in rejections)
            if left:
                assert AskState.OPEN not in {a.state for a in self.current(person)}

    @invariant()
    def the_gate_misses_whoever_is_undecided(self):
        undecided = Candidacy.objects.filter(election=self.election, status="preliminary")
        words = " ".join(b.message for b in gates.review_complete(self.election, at=AT))
        assert all(person.member.name in words for person in undecided)


@pytest.mark.django_db
def test_joint_review_in_any_order():
    run_state_machine_as_test(
        JointReviewMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=22,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
