"""Who is compared for secretary, side by side; a person's own pledge and record of the talk."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from candidates.enums import CandidacyStatus, PaperKind, RelationKind, Strength
from candidates.models import CandidacyPaper, SecretaryAssessment
from candidates.services.promises import add_paper, record_promise
from candidates.services.relations import declare_relation
from candidates.services.selection import Qualities, assess_secretary
from elections.enums import Stage
from elections.models import Evidence
from villages.enums import Post
from villages.models import PostHeld

from .people import AT, DAY, SECRETARY_AND_MEMBERS, stand
from .test_views import signed_in

STRONG = Qualities(Strength.STRONG, "示例：立场坚定", Strength.FAIR, "示例：办合作社")


@pytest.fixture
def people(at, place):
    return stand(at(Stage.INSPECTION), place.members[:4], status=CandidacyStatus.CLEARED)


def assess(candidacy, users, qualities=STRONG, by=None):
    return assess_secretary(
        candidacy=candidacy, qualities=qualities, by=by or users.coordinator, at=AT
    )


def test_assessed_people_stand_side_by_side(people, place, users, django_assert_num_queries):
    election = people[0].election
    assess(people[0], users)
    assess(people[1], users)
    PostHeld.objects.create(
        member=place.members[0], post=Post.SECRETARY, started_on=date(2021, 11, 20)
    )
    declare_relation(
        election=election,
        member=place.members[0],
        relative=place.members[1],
        kind=RelationKind.SPOUSE,
        declared_on=DAY,
        by=users.coordinator,
        at=AT,
    )
    url, client = reverse("secretary_comparison", args=[election.pk]), signed_in(users.org_staff)

    answer = client.get(url)

    columns = answer.context["people"]
    assert [c.candidacy.pk for c in columns] == [people[0].pk, people[1].pk]
    assert [c.is_incumbent for c in columns] == [True, False]
    assert columns[0].posts == "书记（2021—）"
    assert columns[0].relations == f"与{place.members[1].name}：夫妻（也是人选）"
    assert [c.pk for c in answer.context["others"]] == [p.pk for p in people[2:]]
    with django_assert_num_queries(12) as two:
        client.get(url)
    assess(people[2], users)
    with django_assert_num_queries(len(two)):
        client.get(url)


def test_assessment_names_its_grounds_and_is_changed_in_place(people, users):
    with pytest.raises(Refused, match="须各写依据"):
        assess(people[0], users, Qualities(Strength.STRONG, " ", Strength.FAIR, "示例"))
    assess(people[0], users)
    assess(people[0], users, Qualities(Strength.STRONG, "示例", Strength.STRONG, "示例"))

    assert SecretaryAssessment.objects.get().is_strong_in_both


@pytest.mark.parametrize("who", ["foreign", "org_staff", "leader"])
def test_only_the_township_assesses(people, users, who):
    with pytest.raises(Forbidden):
        assess(people[0], users, by=getattr(users, who))


def test_whoever_is_out_is_not_compared(people, users):
    people[0].status = CandidacyStatus.VETOED
    people[0].save()

    with pytest.raises(Refused, match="已是“考察否决”"):
        assess(people[0], users)


# --- pledge and talk -----------------------------------------------------------------------------


def test_scan_is_evidence_of_the_stage_and_the_person_s_own(at, place, users):
    people = stand(at(Stage.NOMINATION), place.members[:4], status=CandidacyStatus.INSPECTED)
    upload = SimpleUploadedFile("承诺书.pdf", b"%PDF-1.7 example")

    paper = add_paper(
        candidacy=people[0], kind=PaperKind.PLEDGE, upload=upload, by=users.coordinator, at=AT
    )

    assert Evidence.objects.get() == paper.evidence
    assert (paper.evidence.stage, paper.evidence.requirement) == ("nomination", "pledges")
    url = reverse("candidacy_detail", args=[people[0].pk])
    assert "承诺书.pdf" in signed_in(users.leader).get(url).content.decode()
    other = reverse("candidacy_detail", args=[people[1].pk])
    assert "承诺书.pdf" not in signed_in(users.leader).get(other).content.decode()


def test_scan_that_evidence_refuses_leaves_nothing(at, place, users):
    person = stand(at(Stage.NOMINATION), place.members[:1], status=CandidacyStatus.INSPECTED)[0]

    with pytest.raises(Refused):
        add_paper(
            candidacy=person,
            kind=PaperKind.TALK,
            upload=SimpleUploadedFile("谈话.exe", b"MZ"),
            by=users.coordinator,
            at=AT,
        )
    assert not CandidacyPaper.objects.exists()


@pytest.mark.parametrize(
    ("status", "talker", "words"),
    [
        (CandidacyStatus.INSPECTED, "示例", "不是候选人预备人选"),
        (CandidacyStatus.PREPARED, " ", "请填写.*的谈话人"),
    ],
)
def test_promise_is_refused(at, place, users, status, talker, words):
    person = stand(
        at(Stage.NOMINATION), place.members[:1], status=status, posts=SECRETARY_AND_MEMBERS
    )[0]

    with pytest.raises(Refused, match=words):
        record_promise(
            candidacy=person,
            pledged_on=DAY,
            talked_on=DAY,
            talker=talker,
            by=users.coordinator,
            at=AT,
        )
