"""The procedure as one plain table: order, phase, owner, confirmation, required evidence, planned day of every stage.

State is stored on StageRecord and changed only by `elections.services` (submit, confirm, return). This module
says what is legal; it knows no database. Sources: 《中国共产党基层组织选举工作条例》(2020), the county manuals of
"两推一选" (merged order), 《中国共产党支部工作条例（试行）》.
"""

from dataclasses import dataclass

from accounts.enums import Role

from .enums import Phase, Stage


@dataclass(frozen=True)
class Requirement:
    """One kind of evidence (佐证材料) a stage asks for."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class StageSpec:
    """What a stage is. `follows`: stages that must be settled before it opens. `plan_day`: default planned
    day, in calendar days after the campaign's first day (a campaign's schedule may move it)."""

    number: int
    code: Stage
    phase: Phase
    owner: Role
    confirmer: Role | None
    follows: tuple[Stage, ...]
    evidence: tuple[Requirement, ...]
    plan_day: int
    audit_event: str

    @property
    def label(self) -> str:
        return self.code.label

    @property
    def url_name(self) -> str:
        return f"stage_{self.code.value}"


def _spec(number, code, phase, follows, plan_day, *evidence, confirmer=None):
    return StageSpec(
        number=number,
        code=code,
        phase=phase,
        owner=Role.COORDINATOR,
        confirmer=confirmer,
        follows=follows,
        evidence=tuple(Requirement(*item) for item in evidence),
        plan_day=plan_day,
        audit_event=f"stage.{code.value}",
    )


_TABLE = (
    _spec(1, Stage.SURVEY, Phase.PREPARATION, (), 5, ("survey_report", "调研报告")),
    _spec(2, Stage.RECTIFICATION, Phase.PREPARATION, (Stage.SURVEY,), 12,
          ("audit_notice", "离任审计结果公布照片")),
    _spec(3, Stage.PETITION, Phase.LAUNCH, (Stage.RECTIFICATION,), 15,
          ("request", "换届选举请示"), ("reply", "乡镇党委批复"), confirmer=Role.ORG_STAFF),
    _spec(4, Stage.MOBILISATION, Phase.LAUNCH, (Stage.PETITION,), 18, ("meeting_photo", "动员会照片")),
    _spec(5, Stage.ROSTER, Phase.PUBLICITY, (Stage.MOBILISATION,), 21,
          ("roster_notice", "党员名册公示照片")),
    _spec(6, Stage.MEMBER_RECOMMENDATION, Phase.SELECTION, (Stage.ROSTER,), 24,
          ("minutes", "党员推荐大会记录")),
    _spec(7, Stage.VILLAGER_RECOMMENDATION, Phase.SELECTION, (Stage.ROSTER,), 24,
          ("minutes", "群众推荐会议记录")),
    _spec(8, Stage.PRELIMINARY, Phase.SELECTION,
          (Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION), 26,
          ("report", "推荐情况报告")),
    _spec(9, Stage.REVIEW, Phase.SELECTION, (Stage.PRELIMINARY,), 33, ("review_form", "资格审查表")),
    _spec(10, Stage.INSPECTION, Phase.SELECTION, (Stage.REVIEW,), 37, ("inspection_report", "考察材料")),
    _spec(11, Stage.NOMINATION, Phase.SELECTION, (Stage.INSPECTION,), 40,
          ("pledges", "纪律承诺书"), ("reply", "候选人预备人选批复"), confirmer=Role.ORG_STAFF),
    _spec(12, Stage.NOTICE, Phase.SELECTION, (Stage.NOMINATION,), 48, ("notice_photo", "公示照片")),
    _spec(13, Stage.COMMITTEE_BALLOT, Phase.ELECTION, (Stage.NOTICE,), 51,
          ("tally_sheet", "计票结果报告单")),
    _spec(14, Stage.SECRETARY_BALLOT, Phase.ELECTION, (Stage.COMMITTEE_BALLOT,), 51,
          ("minutes", "委员会会议记录")),
    _spec(15, Stage.APPROVAL, Phase.FOLLOW_UP, (Stage.SECRETARY_BALLOT,), 55,
          ("reply", "选举结果批复"), confirmer=Role.ORG_STAFF),
    _spec(16, Stage.ANNOUNCEMENT, Phase.FOLLOW_UP, (Stage.APPROVAL,), 57, ("notice_photo", "结果公告照片")),
    _spec(17, Stage.HANDOVER, Phase.FOLLOW_UP, (Stage.ANNOUNCEMENT,), 60, ("handover_list", "移交清单")),
)  # fmt: skip

#: stage → its specification, in procedural order.
STAGES: dict[Stage, StageSpec] = {spec.code: spec for spec in _TABLE}

#: stage → the stages that it may open once it is settled.
NEXT: dict[Stage, tuple[Stage, ...]] = {
    code: tuple(spec.code for spec in _TABLE if code in spec.follows) for code in STAGES
}

#: Stages whose facts are a handful of plain cells: a township may record them for many villages on one page. The
#: others have a list of people or votes per village.
BATCH_STAGES = (
    Stage.PETITION,
    Stage.MOBILISATION,
    Stage.NOTICE,
    Stage.APPROVAL,
    Stage.ANNOUNCEMENT,
)

#: The stage that a branch without a committee leaves out: its secretary is elected by the members' meeting.
COMMITTEE_ONLY = (Stage.SECRETARY_BALLOT,)


def opens_after(settled: set[Stage]) -> list[Stage]:
    """Stages whose predecessors are all in `settled` and which are not settled themselves, in order."""
    return [c for c, s in STAGES.items() if c not in settled and set(s.follows) <= settled]


def mermaid() -> str:
    """The stage diagram of docs/architecture.md; a test compares the two."""
    lines = ["flowchart LR"]
    for spec in _TABLE:
        mark = "县级确认" if spec.confirmer else ""
        text = f"{spec.number} {spec.label}" + (f"<br/>（{mark}）" if mark else "")
        lines.append(f'    {spec.code.value}["{text}"]')
    lines += [
        f"    {before.value} --> {spec.code.value}" for spec in _TABLE for before in spec.follows
    ]
    lines.append("    committee_ballot -. 不设委员会 .-> approval")
    return "\n".join(lines) + "\n"
