"""What the workbooks of survey and risk grading hold of a village, and which service writes it."""

from collections import defaultdict
from datetime import datetime

from accounts.models import User
from accounts.problems import Problem
from elections.models import VillageElection
from elections.rules import MANUAL
from elections.services.facts import refuse
from workbooks.plans import Row, RowProblem
from workbooks.text import plain

from ..enums import Aspect
from ..ledgers import in_words
from ..models import RiskGrade, RiskScore, SurveyItem
from ..selectors.risk import newest_scores
from .risk import grade_by_scores
from .stages import save_survey
from .village_sheets import VillageSheet

SURVEY_FIELDS = ("is_clear", "finding", "research_group", "surveyed_on")
RED_FACTS = ("grounds", "leader", "work_group", "plan")
ASPECTS = tuple(aspect.value for aspect in Aspect)


def _labels(model, names) -> dict[str, str]:
    return {name: str(model._meta.get_field(name).verbose_name) for name in names}


def _in_words(model):
    return lambda name, value: in_words(model._meta.get_field(name), value)


def _survey_stored(elections: list[VillageElection]) -> dict:
    """One query."""
    rows = SurveyItem.objects.filter(election__in=elections).order_by("election", "number")
    return {
        (row.election_id, row.number): {name: getattr(row, name) for name in SURVEY_FIELDS}
        for row in rows
    }


def _survey_check(row: Row, election: VillageElection) -> list[RowProblem]:
    """The number is one of the list, and the name beside it, where there is one, is that of the number."""
    names = election.campaign.survey_items
    number, name = row.values["number"], row.values.get("item")
    if not 1 <= number <= len(names):
        return [RowProblem(row.number, "number", f"序号应为1至{len(names)}：请核对。")]
    if name and plain(name) != plain(names[number - 1]):
        message = f"第{number}项是“{names[number - 1]}”：请核对序号和项目。"
        return [RowProblem(row.number, "item", message)]
    return []


def _survey_write(election: VillageElection, parts: dict, *, by: User, at: datetime) -> None:
    """The items of one group and one day are saved together, as on the page."""
    together = defaultdict(dict)
    for number, values in parts.items():
        by_whom = values["research_group"] or "", values["surveyed_on"]
        together[by_whom][number] = (bool(values["is_clear"]), values["finding"] or "")
    for (group, day), items in together.items():
        save_survey(
            election=election, items=items, research_group=group, surveyed_on=day, by=by, at=at
        )


SURVEY = VillageSheet(
    part=lambda row: row.values["number"],
    stored=_survey_stored,
    check=_survey_check,
    write=_survey_write,
    labels=_labels(SurveyItem, SURVEY_FIELDS),
    in_words=_in_words(SurveyItem),
    part_words=lambda election, number: election.campaign.survey_items[number - 1],
)


def _risk_stored(elections: list[VillageElection]) -> dict:
    """Two queries."""
    scores = newest_scores(elections)
    found = {}
    for risk in RiskGrade.objects.filter(election__in=elections):
        points = scores.get(risk.election_id)
        values = {name: getattr(points, name) if points else None for name in ASPECTS}
        values |= {name: getattr(risk, name) for name in ("graded_on", *RED_FACTS)}
        found[risk.election_id, None] = values
    return found


def _risk_write(election: VillageElection, parts: dict, *, by: User, at: datetime) -> None:
    """Raises Refused: a village is graded by all five aspects and on a day."""
    values = parts[None]
    missing = [name for name in (*ASPECTS, "graded_on") if values[name] is None]
    labels = RISK.labels
    refuse([Problem(name, f"请填写{labels[name]}。", MANUAL) for name in missing])
    grade_by_scores(
        election=election,
        scores={name: values[name] for name in ASPECTS},
        graded_on=values["graded_on"],
        by=by,
        at=at,
        **{name: values[name] or "" for name in RED_FACTS},
    )


def _risk_in_words(name: str, value: object) -> str:
    return in_words((RiskScore if name in ASPECTS else RiskGrade)._meta.get_field(name), value)


RISK = VillageSheet(
    part=lambda row: None,
    stored=_risk_stored,
    check=lambda row, election: [],
    write=_risk_write,
    labels=_labels(RiskScore, ASPECTS) | _labels(RiskGrade, ("graded_on", *RED_FACTS)),
    in_words=_risk_in_words,
)
