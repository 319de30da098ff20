"""One village's part, stage by stage, through the same services as the users. Every function takes the day."""

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from candidates import selectors as people
from candidates.enums import (
    CandidacyStatus,
    ElectedPostKind,
    InspectionResult,
    ReviewLevel,
    ReviewResult,
)
from candidates.services import (
    ballots,
    inspection,
    nomination,
    preliminary,
    recommendation,
    reviews,
)
from complaints.services import register_complaint, settle_complaint
from elections import rules
from elections import selectors as stages_selectors
from elections.enums import DocumentKind, ExclusionReason, MeetingKind, NoticeKind, Stage
from elections.models import Roll, VillageElection
from elections.selectors import TYPED_DATE
from elections.services import evidence, facts, rolls, stages
from elections.stages import STAGES
from groundwork.enums import Aspect, DisputeCategory, DisputeStatus
from groundwork.ledgers import LEDGERS
from groundwork.services import ledgers, risk
from groundwork.services import stages as ground
from villages.enums import Post
from villages.services import short_name

from . import votes
from .plan import Timetable, moment

REJECTIONS = (
    ("受过刑事处罚（示范）", "示范数据：法院反馈有刑事处罚记录"),
    ("党纪政务处分影响期内（示范）", "示范数据：纪检反馈处分影响期未满"),
    ("失信被执行人（示范）", "示范数据：法院反馈列入失信名单"),
)


@cache
def picture(shade: int) -> bytes:
    """A small PNG of one shade: evidence for the demonstration."""
    width, height = 64, 40
    colour = bytes((shade, 150, 255 - shade))
    raw = b"".join(b"\x00" + colour * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    out = io.BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    out.write(chunk(b"IDAT", zlib.compress(raw)))
    out.write(chunk(b"IEND", b""))
    return out.getvalue()


@dataclass
class Cast:
    """Who acts: the township's coordinator, the county's staff, discipline staff."""

    coordinator: User
    staff: User
    discipline: User


@dataclass
class Village:
    """One village of the demonstration."""

    election: VillageElection
    random: Random
    days: Timetable
    cast: Cast
    #: A few villages have something to show: red, rejected, vetoed, objection.
    quirks: frozenset[str]

    def play(self, stage: Stage, day: date) -> None:
        """Do one stage on its day: facts, evidence, submission and, where the county confirms, confirmation."""
        self.election = VillageElection.objects.select_related(
            "campaign", "rule_set", "village", "township", "county"
        ).get(pk=self.election.pk)
        record = stages_selectors.current_records(self.election)[stage]
        if record.status == "not_applicable":
            return
        getattr(self, f"do_{stage.value}")(day)
        self.upload(stage, day)
        on = day if stage in TYPED_DATE else None
        stages.submit_stage(**self.acting(day, hour=16), stage=stage, on=on)
        if STAGES[stage].confirmer:
            stages.confirm_stage(
                election=self.election, stage=stage, by=self.cast.staff, at=moment(day, 17)
            )

    def acting(self, day: date, *, hour: int = 15) -> dict:
        return {"election": self.election, "by": self.cast.coordinator, "at": moment(day, hour)}

    def upload(self, stage: Stage, day: date) -> None:
        for need in STAGES[stage].evidence:
            name = f"{need.label}（示范）.png"
            evidence.add_evidence(
                **self.acting(day),
                stage=stage,
                requirement=need.code,
                upload=SimpleUploadedFile(name, picture(self.random.randrange(100, 220, 10))),
            )

    @property
    def number(self) -> str:
        return self.election.village.code[-6:]

    def papers(self, day: date, *kinds: DocumentKind) -> list[facts.Paper]:
        place = short_name(self.election.village)
        return [
            facts.Paper(kind, f"{place}{kind.label}〔{day.year}〕{n}号（示范）", day)
            for n, kind in enumerate(kinds, start=1)
        ]

    # --- the stages ------------------------------------------------------------------------------

    def do_survey(self, day: date) -> None:
        names = self.election.campaign.survey_items
        items = {n: (True, f"示范：{name}") for n, name in enumerate(names, start=1)}
        ground.save_survey(
            **self.acting(day),
            items=items,
            research_group=f"换届工作调研组{int(self.number) % 4 + 1}（示范）",
            surveyed_on=day,
        )
        roll = self.random.random()
        is_red = "red" in self.quirks
        total = 52 if is_red else 72 if roll < 0.2 else 88
        points = dict.fromkeys(Aspect.values, total // 5)
        points[self.random.choice(Aspect.values)] += total % 5
        more = {}
        if is_red:
            more = {
                "leader": "示范县领导",
                "work_group": "示范驻村工作组",
                "plan": "示范要点：化解矛盾、稳定人选、现场管控、应急分工。",
            }
        risk.grade_by_scores(
            **self.acting(day), scores=points, grounds="示范：五个方面评分", graded_on=day, **more
        )

    def clear(self, day: date) -> None:
        """The plan of a red village is approved, the township asks, the county clears."""
        county = {"by": self.cast.staff, "at": moment(day, 15)}
        plans = LEDGERS["plans"]
        row = ledgers.save_row(
            **{k: v for k, v in self.acting(day).items() if k != "election"},
            ledger=plans,
            campaign=self.election.campaign,
            place=self.election,
            values={name: f"示范{plans.labels[name]}" for name in plans.fields} | {"made_on": day},
        )
        ledgers.approve_row(ledger=plans, row=row, **county)
        risk.request_clearing(**self.acting(day), note="示范：矛盾已化解，人选已稳定")
        risk.decide_clearing(
            election=self.election, approved=True, note="同意销号（示范）", **county
        )

    def do_rectification(self, day: date) -> None:
        if "red" in self.quirks or self.random.random() < 0.3:
            dispute = ground.add_dispute(
                **self.acting(day),
                category=self.random.choice(list(DisputeCategory)),
                summary="示范：历史遗留问题引起的矛盾",
                responsible=f"{self.election.township.name}（示范）",
                found_on=day - timedelta(days=2),
            )
            ground.close_dispute(
                dispute=dispute,
                status=self.random.choice((DisputeStatus.SETTLED, DisputeStatus.STABLE)),
                measures="示范：上门走访、公开账目、当面答复",
                closed_on=day,
                by=self.cast.coordinator,
                at=moment(day),
            )
        for member in self.election.village.members.filter(
            posts__post=Post.SECRETARY, posts__ended_on__isnull=True
        ):
            ground.add_audit(
                **self.acting(day),
                subject=member.name,
                post="党支部书记",
                auditor=f"{self.election.township.name}审计组（示范）",
                report_number=f"示范审〔{day.year}〕{self.number}号",
                reported_on=day - timedelta(days=1),
                published_on=day,
            )
        if "red" in self.quirks:
            self.clear(day)

    def do_petition(self, day: date) -> None:
        full = people.eligible_members(self.election).count()
        seats = 0 if not rules.needs_committee(full) else (5 if full >= 40 else 3)
        facts.save_petition(
            **self.acting(day),
            papers=self.papers(day, DocumentKind.REQUEST, DocumentKind.REPLY),
            committee_seats=seats,
            deputy_seats=1 if seats == 5 else 0,
            organisation=facts.Organisation(
                self.election.village.organisation.kind,
                self.election.village.organisation.term_ends_on,
            ),
        )

    def do_mobilisation(self, day: date) -> None:
        kinds = (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.DISCIPLINE)
        facts.save_meetings(
            **self.acting(day),
            meetings=[facts.Gathering(k, day, self.random.randint(8, 40)) for k in kinds],
        )

    def do_roster(self, day: date) -> None:
        old = [m for m in people.eligible_members(self.election) if day.year - m.born_on.year > 78]
        chosen = old[:2] if self.random.random() < 0.5 else []
        rolls.freeze_roll(
            **self.acting(day),
            published_on=day,
            representatives=self.random.randint(24, 46),
            representatives_published_on=day,
            exclusions=[
                rolls.Exclusion(m.pk, ExclusionReason.BEDRIDDEN, day - timedelta(days=2), day)
                for m in chosen
            ],
        )

    def favourites(self) -> tuple[list[int], list[int]]:
        """People who get most votes (leading people, at least one woman) and the others."""
        members = list(people.eligible_members(self.election))
        wanted = people.candidates_needed(self.election) + 2
        leading = members[:wanted]
        if not any(m.sex == "female" for m in leading[: wanted - 2]):
            woman = next((m for m in members if m.sex == "female"), None)
            if woman:
                leading = [m for m in leading if m.pk != woman.pk]
                leading.insert(min(2, len(leading)), woman)
        rest = [m.pk for m in members if m not in leading]
        return [m.pk for m in leading[: wanted + 1]], rest

    @property
    def roll(self) -> Roll:
        return Roll.objects.current().get(election=self.election)

    def recommend(self, stage: Stage, day: date) -> None:
        roll = self.roll
        due = roll.due if stage == Stage.MEMBER_RECOMMENDATION else roll.representatives
        present = votes.attendance(self.random, due, share=0.67)
        favourites, rest = self.favourites()
        recommendation.record_recommendation(
            **self.acting(day),
            stage=stage,
            held_on=day,
            present=present,
            place="村党群服务中心",
            chair="示范主持人",
            recorder="示范记录人",
            votes=votes.recommendation(
                self.random,
                favourites,
                rest,
                present=present,
                most_names=self.election.ballot_seats,
            ),
        )

    def do_member_recommendation(self, day: date) -> None:
        self.recommend(Stage.MEMBER_RECOMMENDATION, day)

    def do_villager_recommendation(self, day: date) -> None:
        self.recommend(Stage.VILLAGER_RECOMMENDATION, day)

    def do_preliminary(self, day: date) -> None:
        wanted = people.candidates_needed(self.election)
        preliminary.fix_preliminary(**self.acting(day), wanted=wanted, withdrawn={})
        self.except_women(Stage.PRELIMINARY, day)

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

    def do_review(self, day: date) -> None:
        if "rejected" in self.quirks:
            self.reject_last(day)
        for level, who in (
            (ReviewLevel.TOWNSHIP, self.cast.coordinator),
            (ReviewLevel.COUNTY, self.cast.staff),
        ):
            reviews.pass_reviews(
                election=self.election,
                stage=Stage.REVIEW,
                level=level,
                decided_on=day,
                by=who,
                at=moment(day),
            )

    def reject_last(self, day: date) -> None:
        """The last nominee fails the township's review and is replaced, where somebody is left to replace them."""
        standing = people.standing(people.candidacies(self.election))
        if len(people.merged(self.election)) <= len(standing):
            return
        rule, reason = self.random.choice(REJECTIONS)
        reviews.record_review(
            candidacy=standing[-1],
            stage=Stage.REVIEW,
            level=ReviewLevel.TOWNSHIP,
            result=ReviewResult.FAILED,
            rule=rule,
            reason=reason,
            decided_on=day,
            by=self.cast.coordinator,
            at=moment(day),
        )
        preliminary.add_replacement(**self.acting(day), stage=Stage.REVIEW)

    def do_inspection(self, day: date) -> None:
        voters = self.random.randint(18, 40)
        for person in people.standing(people.candidacies(self.election)):
            good = self.random.randint(voters // 2, voters - 2)
            inspection.record_inspection(
                candidacy=person,
                inspected_on=day,
                team="示范考察组",
                assessment=inspection.Assessment(
                    talks=self.random.randint(8, 20),
                    excellent=good,
                    competent=voters - good,
                    basic=0,
                    incompetent=0,
                ),
                result=InspectionResult.PASSED,
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

    def do_notice(self, day: date) -> None:
        begins = self.days[Stage.NOMINATION] + timedelta(days=1)
        facts.save_notice(
            **self.acting(day),
            kind=NoticeKind.CANDIDATES,
            starts_on=begins,
            ends_on=day,
            place="村党务公开栏",
        )
        if "objection" in self.quirks:
            complaint = register_complaint(
                election=self.election,
                channel="call",
                cause="qualification",
                summary="示范：反映候选人资格，经核不实。",
                received_at=moment(day, 9),
                blocks_notice=True,
                by=self.cast.discipline,
                at=moment(day, 10),
            )
            settle_complaint(
                complaint=complaint,
                conclusion="false",
                handling="示范：当日核查，向群众说明。",
                by=self.cast.discipline,
                at=moment(day, 14),
            )

    def vote(self, stage: Stage, day: date, contest: people.Contest, due: int) -> None:
        candidates = [c.pk for c in contest.next_candidates]
        standing = {c.member_id for c in contest.next_candidates}
        members = [m.pk for m in people.eligible_members(self.election) if m.pk not in standing]
        present = votes.attendance(self.random, due)
        counts, tallies = votes.ballot(
            self.random, candidates, seats=contest.next_seats, present=present
        )
        counted = ballots.record_round(
            **self.acting(day),
            stage=stage,
            post=contest.post,
            number=contest.next_number,
            gathering=ballots.Gathering(
                held_on=day,
                present=present,
                chair="示范主持人",
                recorder="示范记录人",
                tellers=tuple(members[-2:]),
            ),
            count=ballots.Count(**counts, tallies=tallies),
        )
        ballots.certify_round(
            election=self.election,
            stage=stage,
            round_id=counted.pk,
            by=self.cast.staff,
            at=moment(day, 15, 30),
        )

    def hold(self, stage: Stage, day: date, due: int) -> None:
        """Vote until every post of the meeting is filled."""
        while True:
            found = people.contests(self.election, stage)
            contest = next((c for c in found if c.next_kind), None)
            if contest is None:
                return
            self.vote(stage, day, contest, due)

    def do_committee_ballot(self, day: date) -> None:
        self.hold(Stage.COMMITTEE_BALLOT, day, self.roll.due)

    def do_secretary_ballot(self, day: date) -> None:
        self.hold(Stage.SECRETARY_BALLOT, day, self.election.committee_seats)

    def do_approval(self, day: date) -> None:
        kinds = (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING)
        facts.save_documents(
            **self.acting(day), stage=Stage.APPROVAL, papers=self.papers(day, *kinds)
        )

    def do_announcement(self, day: date) -> None:
        facts.save_notice(
            **self.acting(day),
            kind=NoticeKind.RESULT,
            starts_on=day,
            ends_on=day,
            place="村党务公开栏",
        )

    def do_handover(self, day: date) -> None:
        facts.save_handover(
            **self.acting(day),
            handed_on=day,
            from_name="示范前任书记",
            to_name="示范新任书记",
            witness="示范驻村干部",
            items="公章1枚\n党员档案1套\n账册1套（示范）",
        )
