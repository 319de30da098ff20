"""负面清单 of a campaign: rules added, changed, retired, pasted, and the sample list that a button loads."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from elections.permissions import check_can_manage_campaign
from elections.rules import MANUAL
from villages.scoping import post_of

from .. import rules
from ..enums import RuleCategory, RuleWeight, StartingPoint
from ..models import NegativeRule, Review, ReviewOpinion
from .sample_list import SAMPLE, SOURCE


@dataclass(frozen=True)
class RuleText:
    """What a rule of the list says (fields of NegativeRule)."""

    code: str
    category: str
    text: str
    source: str = ""
    weight: str = RuleWeight.MUST_NOT
    posts: list[str] = field(default_factory=list)
    years: int | None = None
    starts_from: str = StartingPoint.ENDED
    kinds: list[str] = field(default_factory=list)
    department: str = ""
    evidence: str = ""


def is_cited(rule: NegativeRule) -> bool:
    """Whether a review or an opinion, whatever became of it, names this version of the rule."""
    return (
        Review.everything.filter(cited=rule).exists()
        or ReviewOpinion.objects.filter(rule=rule).exists()
    )


@transaction.atomic
def add_rules(
    *,
    campaign: Campaign,
    wanted: list[RuleText],
    by: User,
    at: datetime,
    is_sample: bool = False,
) -> list[NegativeRule]:
    """Add rules to the campaign's list, all or none. Raises Forbidden, Refused (a code that is taken)."""
    check_can_manage_campaign(by, campaign.area)
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    listed = NegativeRule.objects.filter(campaign=campaign)
    taken = set(listed.current().values_list("code", flat=True))
    problems = [
        Problem("code", f"编号“{w.code}”已在清单中：请修改原条目，或换一个编号。", MANUAL)
        for w in wanted
        if w.code in taken
    ]
    if not wanted:
        problems.append(Problem("empty", "没有可登记的条目：请粘贴清单。", MANUAL))
    if problems:
        raise Refused(*problems)
    versions = dict(listed.order_by().values_list("code").annotate(last=Max("version")))
    order = (listed.aggregate(last=Max("order"))["last"] or 0) + 1
    made = NegativeRule.objects.bulk_create(
        NegativeRule(
            campaign=campaign,
            **asdict(w),
            version=versions.get(w.code, 0) + 1,
            order=order + place,
            is_sample=is_sample,
            created_by=by,
            created_at=at,
        )
        for place, w in enumerate(wanted)
    )
    _audit("negative_list.added", campaign, by, at, {"codes": [w.code for w in wanted]})
    return made


def add_lines(*, campaign: Campaign, text: str, by: User, at: datetime) -> list[NegativeRule]:
    """Add pasted lines (rules.parse_lines), all or none. Raises Forbidden, Refused naming every bad line."""
    check_can_manage_campaign(by, campaign.area)
    lines, problems = rules.parse_lines(text, categories={c.label: c for c in RuleCategory})
    if problems:
        raise Refused(*problems)
    wanted = [
        RuleText(x.code, x.category, x.text, years=x.years, department=x.department) for x in lines
    ]
    return add_rules(campaign=campaign, wanted=wanted, by=by, at=at)


def load_sample(*, campaign: Campaign, by: User, at: datetime) -> list[NegativeRule]:
    """The sample list, every rule marked as one, into an empty list. Raises Forbidden, Refused."""
    check_can_manage_campaign(by, campaign.area)
    if NegativeRule.objects.filter(campaign=campaign).current().exists():
        raise Refused(Problem("not_empty", "清单已有条目，不再载入示例：请直接增改。", MANUAL))
    wanted = [RuleText(**row, source=SOURCE) for row in SAMPLE]
    return add_rules(campaign=campaign, wanted=wanted, by=by, at=at, is_sample=True)


@transaction.atomic
def change_rule(*, rule: NegativeRule, to: RuleText, by: User, at: datetime) -> NegativeRule:
    """Change a rule that nobody has cited; one that was cited is retired and a new version takes its place. The code stays.
    Returns the current version. Raises Forbidden, Conflict (retired meanwhile)."""
    check_can_manage_campaign(by, rule.campaign.area)
    rule = _locked(rule)
    values = {k: v for k, v in asdict(to).items() if k != "code"}
    before = {k: getattr(rule, k) for k in values}
    if is_cited(rule):
        _retire(rule, f"已被引用，由第{rule.version + 1}版代替", by, at)
        row = NegativeRule(
            campaign_id=rule.campaign_id,
            code=rule.code,
            version=rule.version + 1,
            order=rule.order,
            created_by=by,
            created_at=at,
            **values,
        )
    else:
        row = rule
        row.is_sample = rule.is_sample and before == values
        for name, value in values.items():
            setattr(row, name, value)
    row.save()
    _audit(
        "negative_list.changed",
        row.campaign,
        by,
        at,
        {"code": row.code, "version": row.version, "text": row.text, "years": row.years},
        {"text": before["text"], "years": before["years"]},
    )
    return row


@transaction.atomic
def retire_rule(*, rule: NegativeRule, reason: str, by: User, at: datetime) -> NegativeRule:
    """Take a rule off the list from now on; what cites it keeps it. Raises Forbidden, Conflict, Refused (no reason)."""
    check_can_manage_campaign(by, rule.campaign.area)
    rule = _locked(rule)
    if not reason.strip():
        raise Refused(Problem("reason", f"请填写停用“{rule.code}”的理由。", MANUAL))
    _retire(rule, reason.strip(), by, at)
    _audit("negative_list.retired", rule.campaign, by, at, {"code": rule.code})
    return rule


def _locked(rule: NegativeRule) -> NegativeRule:
    row = (
        NegativeRule.objects.select_for_update(of=("self",))
        .select_related("campaign")
        .get(pk=rule.pk)
    )
    if row.retired_at is not None:
        raise Conflict(Problem("retired", f"“{row.code}”这一版已停用：请刷新页面核对。", MANUAL))
    return row


def _retire(rule: NegativeRule, reason: str, by: User, at: datetime) -> None:
    rule.retired_at, rule.retired_by, rule.retire_reason = at, by, reason
    rule.save(update_fields=["retired_at", "retired_by", "retire_reason"])


def _audit(action, campaign, by, at, after: dict, before: dict | None = None) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=campaign,
        post=post_of(by),
        changes={"after": after} | ({"before": before} if before else {}),
        campaign_id=campaign.pk,
    )
