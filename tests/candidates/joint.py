"""A campaign whose departments are asked: three of them, each with an account; helpers that act for township and county."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.enums import Role
from accounts.models import User
from candidates.enums import AskState, ReviewLevel, ReviewResult
from candidates.models import Candidacy, ReviewAsk, ReviewTask, VettingDepartment
from candidates.services import batches, departments, opinions, reviews
from elections.enums import Stage
from elections.models import Campaign
from tests.factories.villages import UserFactory
from villages.models import Posting

from .people import AT, DAY

POLICE, COURT, PETITIONS = "公安局", "法院", "信访局"


def vetting_user(department: str, place) -> User:
    """A user of a department, posted to `place`."""
    user = UserFactory(role=Role.VETTING, where=place)
    Posting.objects.filter(user=user).update(department=department)
    return user


@dataclass
class Joint:
    """One campaign's joint review. `users` by department; `staff` decides, `coordinator` reviews first."""

    campaign: Campaign
    staff: User
    coordinator: User
    users: dict[str, User]
    at: datetime = AT
    day: date = DAY

    def department(self, name: str) -> VettingDepartment:
        return VettingDepartment.objects.get(campaign=self.campaign, name=name)

    def first(self, *people: Candidacy, result=ReviewResult.PASSED, **more):
        """The township's review of each."""
        return [
            reviews.record_review(
                candidacy=person,
                stage=Stage.REVIEW,
                level=ReviewLevel.TOWNSHIP,
                result=result,
                decided_on=self.day,
                by=self.coordinator,
                at=self.at,
                **more,
            )
            for person in people
        ][-1]

    def send(self, *people: Candidacy, working_days: int = 5):
        return batches.send_batch(
            campaign=self.campaign,
            people=[p.pk for p in people],
            working_days=working_days,
            by=self.staff,
            at=self.at,
        )

    def task(self, name: str, person: Candidacy) -> ReviewTask:
        return ReviewTask.objects.get(
            asks__candidacy=person, asks__is_current=True, department__name=name
        )

    def answer(self, name: str, *people: Candidacy, state=AskState.CLEAR, by=None, **more):
        """One department's same answer about people of one of its tasks."""
        given = opinions.Answer(
            state, **({} if state == AskState.CLEAR else {"reason": "示例"}) | more
        )
        return opinions.answer_many(
            task=self.task(name, people[0]),
            answers={p.pk: given for p in people},
            by=by or self.users[name],
            at=self.at,
        )

    def all_clear(self, *people: Candidacy) -> None:
        for name in self.users:
            self.answer(name, *people)

    def county(self, person: Candidacy, *, result=ReviewResult.PASSED, by=None, **more):
        return reviews.record_review(
            candidacy=person,
            stage=Stage.REVIEW,
            level=ReviewLevel.COUNTY,
            result=result,
            decided_on=self.day,
            by=by or self.staff,
            at=self.at,
            **more,
        )

    def ask(self, name: str, person: Candidacy) -> ReviewAsk:
        return ReviewAsk.objects.get(candidacy=person, department__name=name, is_current=True)


def joint_of(campaign: Campaign, *, staff: User, coordinator: User, place) -> Joint:
    """Departments of a campaign (the last need not answer), with one account each."""
    for order, name in enumerate((POLICE, COURT, PETITIONS)):
        departments.save_department(
            campaign=campaign,
            name=name,
            questions=f"{name}的审查事项（示例）",
            required=name != PETITIONS,
            order=order,
            by=staff,
            at=AT,
        )
    users = {name: vetting_user(name, place) for name in (POLICE, COURT, PETITIONS)}
    return Joint(campaign, staff, coordinator, users)
