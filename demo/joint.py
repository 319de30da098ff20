"""Stage 9 of the demonstration: the villages of one day reviewed together, in one batch sent to every department."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import User
from candidates import selectors as people
from candidates.enums import AskState, FactKind, ReviewLevel, ReviewResult
from candidates.models import Candidacy, NegativeRule, ReviewTask
from candidates.services import (
    batches,
    countersign,
    departments,
    facts,
    negative_list,
    opinions,
    preliminary,
    reviews,
)
from candidates.services.opinions import Answer
from elections.enums import Stage
from elections.models import Campaign

from .plan import moment
from .play import Village

#: Department → its account, its questions. The court objects, the police want more, the last one is slow.
DEPARTMENTS = {
    "公安局": ("lianshen", "有无前科、治安处罚，是否涉黑涉恶（示范）"),
    "纪委监委": ("lianshen2", "有无党纪政务处分，是否正在接受调查（示范）"),
    "法院": ("lianshen3", "有无刑事判决，是否列为失信被执行人（示范）"),
    "信访局": ("lianshen4", "有无违规上访（示范）"),
}
POLICE, COURT, SLOW = "公安局", "法院", "信访局"
#: Villages reviewed in the last so many days may still wait for an answer, for a second person's word.
WAITING_DAYS, SIGNING_DAYS = 13, 4
#: Rule of the sample list, kind of fact: what those who are rejected fall under.
REJECTIONS = (
    ("示2", FactKind.CRIMINAL, "示范：有刑事处罚记录"),
    ("示3", FactKind.DISCIPLINE, "示范：处分影响期未满"),
    ("示10", FactKind.CREDIT, "示范：列入失信名单"),
)


def prepare(campaign: Campaign, users: dict[str, User], on: date) -> None:
    """The campaign's negative list and departments."""
    by = {"by": users["zuzhibu"], "at": moment(on, 9, 30)}
    negative_list.load_sample(campaign=campaign, **by)
    for order, (name, (_, questions)) in enumerate(DEPARTMENTS.items()):
        departments.save_department(
            campaign=campaign, name=name, questions=questions, required=True, order=order, **by
        )


@dataclass
class JointReview:
    """The county's side of one campaign's reviews."""

    campaign: Campaign
    users: dict[str, User]
    today: date
    #: Candidacies of the day about whom the slow department has not answered.
    waiting: set[int] = field(default_factory=set)

    def play(self, villages: list[Village], day: date) -> list[Village]:
        """One day's villages, from the township's review to the county's word. Returns those that are done with it."""
        for village in villages:
            village.reload()
            village.reviewing = self
            village.before_review(day)
            self.first(village, day)
        group = {v.election.pk: v for v in villages}
        recent = day > self.today - timedelta(days=WAITING_DAYS)
        self.waiting = {
            person.pk
            for person in self.standing(group)
            if recent and "waiting" in group[person.election_id].quirks
        }
        rejected = self.to_reject(villages)
        self.review(group, day, rejected=rejected)
        held = set(Candidacy.objects.filter(pk__in=self.waiting).values_list("election", flat=True))
        if rejected:
            held |= self.reject(group, rejected, day)
        for village in villages:
            village.is_held = village.election.pk in held
        return [v for v in villages if not v.is_held]

    def alone(self, village: Village, day: date) -> None:
        """Somebody who replaced another at the inspection: asked about alone, and passed."""
        self.first(village, day, stage=Stage.INSPECTION)
        self.waiting = set()
        self.review({village.election.pk: village}, day, stage=Stage.INSPECTION)

    def first(self, village: Village, day: date, *, stage: Stage = Stage.REVIEW) -> None:
        reviews.pass_reviews(
            **village.acting(day, hour=9),
            stage=stage,
            level=ReviewLevel.TOWNSHIP,
            decided_on=day,
        )

    def standing(self, group: dict[int, Village]) -> list[Candidacy]:
        return list(people.awaiting_county(self.campaign).filter(election__in=group))

    def unsent(self, group: dict[int, Village]) -> list[Candidacy]:
        waiting = people.awaiting_county(self.campaign).filter(election__in=group)
        return list(waiting.filter(asks__isnull=True))

    def to_reject(self, villages: list[Village]) -> dict[int, tuple]:
        """Candidacy → why: the last nominee of a few villages, where somebody is left to replace them."""
        found = {}
        for village in villages:
            if "rejected" not in village.quirks:
                continue
            if people.next_in_line(village.election):
                standing = people.standing(people.candidacies(village.election))
                found[standing[-1].pk] = village.random.choice(REJECTIONS)
        return found

    def review(
        self,
        group: dict[int, Village],
        day: date,
        *,
        rejected: dict[int, tuple] | None = None,
        stage: Stage = Stage.REVIEW,
    ) -> None:
        """Send whoever waits in one batch, let every department answer, pass those about whom all are content."""
        rejected = rejected or {}
        sent = self.unsent(group)
        batch = batches.send_batch(
            campaign=self.campaign,
            people=[p.pk for p in sent],
            working_days=5,
            by=self.users["zuzhibu"],
            at=moment(day, 10),
        )
        wanting = [p for p in sent if "supplement" in group[p.election_id].quirks][:1]
        rules = dict(NegativeRule.objects.filter(campaign=self.campaign).values_list("code", "pk"))
        for task in batch.tasks.select_related("department", "batch").order_by("pk"):
            name = task.department.name
            answers = {p.pk: Answer(AskState.CLEAR) for p in sent}
            if name == SLOW:
                answers = {pk: a for pk, a in answers.items() if pk not in self.waiting}
            if name == COURT:
                for pk, (code, _, words) in rejected.items():
                    answers[pk] = Answer(AskState.OBJECTION, rules[code], words)
            if name == POLICE:
                for person in wanting:
                    answers[person.pk] = Answer(AskState.SUPPLEMENT, None, "示范：缺身份核对材料")
            self.answer(task, answers, day, 11)
        for person in wanting:
            self.supplement(person, group[person.election_id], day, stage=stage)
        if any(p.pk not in self.waiting and p.pk not in rejected for p in sent):
            batches.pass_batch(
                batch=batch, decided_on=day, by=self.users["zuzhibu"], at=moment(day, 14)
            )

    def answer(self, task: ReviewTask, answers: dict, day: date, hour: int) -> None:
        if answers:
            opinions.answer_many(
                task=task,
                answers=answers,
                by=self.users[DEPARTMENTS[task.department.name][0]],
                at=moment(day, hour),
            )

    def supplement(self, person: Candidacy, village: Village, day: date, *, stage: Stage) -> None:
        """The township adds what the police wanted; the police alone are asked again."""
        facts.record_fact(
            candidacy=person,
            facts=facts.Facts(FactKind.PUBLIC_ORDER, "示范：群众反映，日期待查", "示范派出所"),
            by=village.cast.coordinator,
            at=moment(day, 12),
        )
        reviews.record_review(
            candidacy=person,
            stage=stage,
            level=ReviewLevel.TOWNSHIP,
            result=ReviewResult.PASSED,
            decided_on=day,
            supplement="示范：已补充身份核对材料",
            by=village.cast.coordinator,
            at=moment(day, 12),
        )
        task = ReviewTask.objects.select_related("department", "batch").get(
            asks__candidacy=person, asks__is_current=True, department__name=POLICE
        )
        self.answer(task, {person.pk: Answer(AskState.CLEAR)}, day, 13)

    def reject(self, group: dict[int, Village], rejected: dict[int, tuple], day: date) -> set[int]:
        """Rejections by the rule, agreed to by a second person, and the next in line reviewed alone. Returns the villages
        where the second person has still to look."""
        rules = dict(NegativeRule.objects.filter(campaign=self.campaign).values_list("code", "pk"))
        held = set()
        rows = Candidacy.objects.select_related(
            "member", "election__village", "election__township", "election__county"
        )
        for person in rows.filter(pk__in=rejected).order_by("pk"):
            code, kind, words = rejected[person.pk]
            village = group[person.election_id]
            if person.pk in self.waiting:
                continue
            self.put_on_record(person, village, kind, words, day)
            review = reviews.record_review(
                candidacy=person,
                stage=Stage.REVIEW,
                level=ReviewLevel.COUNTY,
                result=ReviewResult.FAILED,
                decided_on=day,
                cited=rules[code],
                reason=words,
                by=self.users["zuzhibu"],
                at=moment(day, 14),
            )
            if day > self.today - timedelta(days=SIGNING_DAYS):
                held.add(person.election_id)
                continue
            countersign.countersign_review(
                review=review,
                stage=Stage.REVIEW,
                agreed=True,
                note="",
                by=self.users["zuzhibu2"],
                at=moment(day, 15),
            )
            preliminary.add_replacement(**village.acting(day), stage=Stage.REVIEW)
            self.first(village, day)
        replaced = {pk: v for pk, v in group.items() if pk not in held}
        if self.unsent(replaced):
            self.review(replaced, day)
        return held

    def put_on_record(self, person, village: Village, kind, words: str, day: date) -> None:
        facts.record_fact(
            candidacy=person,
            facts=facts.Facts(
                kind,
                words,
                "示范县法院",
                decided_on=day - timedelta(days=700),
                ended_on=day + timedelta(days=90),
                document="示范〔2025〕1号",
            ),
            by=village.cast.coordinator,
            at=moment(day, 13),
        )
