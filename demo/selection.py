"""Stages 8 to 11 of one village's part: from both recommendations to the prepared nominees."""

from datetime import date

from candidates import selectors as people
from candidates.enums import (
    CandidacyStatus,
    ElectedPostKind,
    InspectionResult,
    RelationKind,
    Source,
    Strength,
)
from candidates.models import Candidacy
from candidates.rules import Assessment
from candidates.services import (
    inspection,
    nomination,
    preliminary,
    proposals,
    relations,
    selection,
    withdrawal,
)
from elections import selectors as stages_selectors
from elections.enums import DocumentKind, Stage
from elections.services import evidence, facts
from villages.models import PartyMember

from .plan import moment

STRENGTHS = (Strength.STRONG, Strength.STRONG, Strength.FAIR)
INSPECTORS = inspection.Team(
    "示范考察组",
    inspection.Member("示范组长", "县委组织部（示范）"),
    (
        inspection.Member("示范甲", "乡镇党委（示范）"),
        inspection.Member("示范乙", "乡镇纪委（示范）"),
    ),
)


class Selection:
    """What a player does at these stages; the rest of the player is in play.py."""

    def do_preliminary(self, day: date) -> None:
        wanted = people.candidates_needed(self.election)
        if "proposed" in self.quirks:
            self.propose_next(wanted, day)
        preliminary.fix_preliminary(**self.acting(day), wanted=wanted, withdrawn={})
        self.except_women(Stage.PRELIMINARY, day)

    def propose_next(self, wanted: int, day: date) -> None:
        """Somebody who got votes, but too few to be listed by them, puts themselves forward."""
        order = people.merged(self.election)[wanted:]
        if order:
            member = PartyMember.objects.get(pk=order[-1].person)
            proposals.propose(
                **self.acting(day),
                member=member,
                source=Source.SELF,
                proposed_by=f"{member.name}本人",
                reason="示范：返乡创业，愿为村里办事。",
            )

    def declare(self, day: date) -> None:
        """A nominee declares a near relative who does not stand."""
        standing = people.standing(people.candidacies(self.election))
        there = {c.member_id for c in standing}
        other = people.eligible_members(self.election, on=day).exclude(pk__in=there).first()
        if standing and other:
            relations.declare_relation(
                **self.acting(day),
                member=standing[0].member,
                relative=other,
                kind=self.random.choice(list(RelationKind)),
                declared_on=day,
            )

    def give_up_last(self, day: date) -> None:
        """The last nominee gives up and is replaced, where somebody is left to replace them."""
        if people.next_in_line(self.election) is None:
            return
        standing = people.standing(people.candidacies(self.election))
        withdrawal.withdraw(
            candidacy=standing[-1],
            reason="示范：长期在外务工，无法到任。",
            withdrawn_on=day,
            by=self.cast.coordinator,
            at=moment(day),
        )
        preliminary.add_replacement(**self.acting(day), stage=Stage.REVIEW)

    def except_women(self, stage: Stage, day: date) -> None:
        """Where the women's minimum is missed, the township asks and the county approves an exception."""
        record = stages_selectors.current_records(self.election)[stage]
        blockers = stages_selectors.stage_blockers(self.election, record, at=moment(day))
        if any(b.code == "women" for b in blockers):
            asked = evidence.request_exception(
                **self.acting(day),
                stage=stage,
                code="women",
                reason="示范：本村女党员少且年龄偏大，经多次动员仍无合适人选。",
            )
            evidence.decide_exception(
                exception=asked,
                approved=True,
                note="示范：同意，换届后加强女党员培养。",
                by=self.cast.staff,
                at=moment(day),
            )

    def before_review(self, day: date) -> None:
        """Who gives up before anybody is asked about them, and who declares a relation."""
        if "withdrawn" in self.quirks:
            self.give_up_last(day)
        if "related" in self.quirks:
            self.declare(day)

    def do_inspection(self, day: date) -> None:
        standing = people.standing(people.candidacies(self.election))
        spare = people.next_in_line(self.election) is not None
        for number, person in enumerate(standing, start=1):
            vetoed = "vetoed" in self.quirks and spare and number == len(standing)
            self.inspect(person, day, vetoed=vetoed)
        if "vetoed" in self.quirks and spare:
            preliminary.add_replacement(**self.acting(day), stage=Stage.INSPECTION)
            self.reviewing.alone(self, day)
            self.inspect(people.standing(people.candidacies(self.election))[-1], day)
        self.compare(day)

    def inspect(self, person: Candidacy, day: date, *, vetoed: bool = False) -> None:
        """One person's inspection; a veto is signed by the county."""
        voters = self.random.randint(18, 40)
        good = self.random.randint(voters // 2, voters - 2)
        inspection.record_inspection(
            candidacy=person,
            inspected_on=day,
            team=INSPECTORS,
            talks=inspection.Talks(
                members=self.random.randint(4, 9), cadres=2, villagers=self.random.randint(3, 9)
            ),
            assessment=Assessment(
                voters=voters,
                excellent=0 if vetoed else good,
                competent=voters - good,
                basic=0,
                incompetent=good if vetoed else 0,
            ),
            result=InspectionResult.VETOED if vetoed else InspectionResult.PASSED,
            reason="示范：民主测评不称职票较多，群众认可度不高。" if vetoed else "",
            by=self.cast.coordinator,
            at=moment(day),
        )
        if vetoed:
            inspection.countersign_veto(
                candidacy=person, approved=True, by=self.cast.staff, at=moment(day, 16)
            )

    def compare(self, day: date) -> None:
        """The first two are compared for secretary."""
        for person in people.standing(people.candidacies(self.election))[:2]:
            selection.assess_secretary(
                candidacy=person,
                qualities=selection.Qualities(
                    self.random.choice(STRENGTHS),
                    "示范：政治立场坚定，党员群众公认。",
                    self.random.choice(STRENGTHS),
                    "示范：带头办合作社，带动村民增收。",
                ),
                by=self.cast.coordinator,
                at=moment(day),
            )

    def do_nomination(self, day: date) -> None:
        pool = [
            c for c in people.candidacies(self.election) if c.status == CandidacyStatus.INSPECTED
        ]
        if len(pool) > 1 and self.random.random() < 0.4:  # somebody new is put forward as secretary
            pool[0], pool[1] = pool[1], pool[0]
        deputies = self.election.deputy_seats
        posts = [ElectedPostKind.SECRETARY] + [ElectedPostKind.DEPUTY] * deputies
        posts += [ElectedPostKind.MEMBER] * (len(pool) - len(posts))
        nomination.fix_nomination(
            **self.acting(day),
            nominations=[
                nomination.Nomination(c.pk, post, day, day)
                for c, post in zip(pool, posts, strict=False)
            ],
            talker="示范乡镇党委书记",
        )
        facts.save_documents(
            **self.acting(day),
            stage=Stage.NOMINATION,
            papers=self.papers(day, DocumentKind.REQUEST, DocumentKind.REPLY),
        )
        self.except_women(Stage.NOMINATION, day)
