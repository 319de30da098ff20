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
from candidates.services import ballots, recommendation
from complaints.services.complaints import register_complaint, settle_complaint
from elections import rules
from elections import selectors as stages_selectors
from elections.enums import DocumentKind, ExclusionReason, MeetingKind, NoticeKind, Stage
from elections.models import RepresentativeList, Roll, VillageElection
from elections.selectors import TYPED_DATE
from elections.services import evidence, facts, overrides, representatives, rolls, stages
from elections.stages import STAGES
from groundwork.enums import Aspect, DisputeCategory, DisputeStatus
from groundwork.ledgers import LEDGERS
from groundwork.services import ledgers, risk
from groundwork.services import stages as ground
from villages.enums import Post
from villages.services import short_name

from . import votes
from .plan import Timetable, moment
from .selection import Selection


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
class Village(Selection):
    """One village of the demonstration."""

    election: VillageElection
    random: Random
    days: Timetable
    cast: Cast
    #: A few villages have something to show: red, rejected, supplement, waiting, vetoed, objection, override.
    quirks: frozenset[str]
    #: A review that still waits for somebody: nothing after it happens.
    is_held: bool = False
    #: The county's side of the review, once this village has come to it (demo.joint.JointReview).
    reviewing: object = None

    def play(self, stage: Stage, day: date) -> None:
        """Do one stage on its day: facts, evidence, submission and, where the county confirms, confirmation."""
        self.reload()
        record = stages_selectors.current_records(self.election)[stage]
        if record.status == "not_applicable":
            return
        getattr(self, f"do_{stage.value}")(day)
        self.finish(stage, day)

    def reload(self) -> None:
        self.election = VillageElection.objects.select_related(
            "campaign", "rule_set", "village", "township", "county"
        ).get(pk=self.election.pk)

    def finish(self, stage: Stage, day: date) -> None:
        """Evidence, submission and confirmation of a stage whose facts are recorded."""
        if stage == Stage.MOBILISATION and "override" in self.quirks:
            self.override(stage, day)
        else:
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

    def override(self, stage: Stage, day: date) -> None:
        """The files of a stage are lost: the county lets the village go on without them."""
        record = stages_selectors.current_records(self.election)[stage]
        blockers = stages_selectors.stage_blockers(self.election, record, at=moment(day))
        overrides.grant_override(
            election=self.election,
            stage=stage,
            messages=[b.message for b in blockers],
            reason="示范：村部搬迁，会议照片遗失，参会人员已逐一核实。",
            document_number=f"示范组批〔{day.year}〕{self.number}号",
            by=self.cast.staff,
            at=moment(day),
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
        full = people.eligible_members(self.election, on=day).count()
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
        eligible = people.eligible_members(self.election, on=day)
        old = [m for m in eligible if day.year - m.born_on.year > 78]
        chosen = old[:2] if self.random.random() < 0.5 else []
        rolls.freeze_roll(
            **self.acting(day),
            published_on=day,
            representatives=None,
            representatives_published_on=day,
            exclusions=[
                rolls.Exclusion(m.pk, ExclusionReason.BEDRIDDEN, day - timedelta(days=2), day)
                for m in chosen
            ],
        )

    def favourites(self, day: date) -> tuple[list[int], list[int]]:
        """People who get most votes (leading people, at least one woman) and the others."""
        members = list(people.eligible_members(self.election, on=day))
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
        is_members = stage == Stage.MEMBER_RECOMMENDATION
        due = roll.due if is_members else stages_selectors.representatives_due(self.election, roll)
        present = votes.attendance(self.random, due, share=0.67)
        named = stages_selectors.due_by_name(self.election, stage.value)
        favourites, rest = self.favourites(day)
        recommendation.record_recommendation(
            **self.acting(day),
            stage=stage,
            held_on=day,
            present=present,
            attended=[e.pk for e in named[:present]] if "named" in self.quirks else (),
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
        if "challenge" in self.quirks:
            self.challenge(day)
        self.recommend(Stage.VILLAGER_RECOMMENDATION, day)

    def challenge(self, day: date) -> None:
        """An objection to the first representative on the list, answered the same day."""
        published = RepresentativeList.objects.current().get(election=self.election)
        challenge = representatives.raise_challenge(
            **self.acting(day, hour=9),
            entry_id=published.entries.first().pk,
            raised_on=day,
            raised_by="",
            grounds="示范：认为户口不在本村民小组",
        )
        representatives.answer_challenge(
            challenge=challenge,
            upheld=False,
            answer="示范：核对户口簿，符合条件",
            answered_on=day,
            by=self.cast.coordinator,
            at=moment(day, 11),
        )

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
        eligible = people.eligible_members(self.election, on=day)
        members = [m.pk for m in eligible if m.pk not in standing]
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
        self.except_women(Stage.APPROVAL, day)

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
