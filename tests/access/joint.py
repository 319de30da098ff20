"""The joint review of the access tests' world: two departments asked about everybody, one of them objecting."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from candidates.enums import AskState, FactKind, ReviewLevel, ReviewResult
from candidates.models import Candidacy, NegativeRule, Review, ReviewTask
from candidates.services import batches, departments, facts, negative_list, opinions


def fill(world, at: datetime, *, names: dict[str, str], opinion: str, fact: str) -> None:
    """The township's review by direct writes, then a batch through the services. `names`: account → department; the second
    one writes `opinion` and puts `fact` on record."""
    staff = world.users[Role.ORG_STAFF]
    acting = {"campaign": world.campaign, "by": staff, "at": at}
    negative_list.load_sample(**acting)
    for order, name in enumerate(names.values()):
        departments.save_department(
            **acting, name=name, questions=f"{name}的审查事项", required=True, order=order
        )
    people = list(Candidacy.objects.select_related("election").order_by("pk"))
    Review.objects.bulk_create(
        Review(
            candidacy=person,
            level=ReviewLevel.TOWNSHIP,
            result=ReviewResult.PASSED,
            decided_on=world.day,
            decided_by=staff,
            by_name=staff.name,
        )
        for person in people
    )
    batch = batches.send_batch(**acting, people=[p.pk for p in people], working_days=5)
    own, other = names
    rule = NegativeRule.objects.order_by("pk").first()
    answered = opinions.answer_many(
        task=_task(batch, names[other]),
        answers={
            person.pk: opinions.Answer(
                AskState.OBJECTION,
                rule.pk,
                opinion,
                SimpleUploadedFile("法院的附件.pdf", b"%PDF-1.7 example"),
            )
            for person in people
        },
        by=world.users[other],
        at=at,
    )
    for person in people:
        facts.record_fact(
            candidacy=person,
            facts=facts.Facts(FactKind.CRIMINAL, fact, names[other]),
            by=world.users[other],
            at=at,
        )
    for township in (world.own, world.other):
        world.made |= {
            ("batch", township.pk): batch.pk,
            ("rule", township.pk): rule.pk,
            ("task", township.pk): _task(batch, names[own]).pk,
            ("other_task", township.pk): _task(batch, names[other]).pk,
            ("opinion", township.pk): answered[0].pk,
        }


def _task(batch, department: str) -> ReviewTask:
    return batch.tasks.select_related("department", "batch").get(department__name=department)
