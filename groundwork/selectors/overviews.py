"""Survey and risk grading village by village: the rows of their lists."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from elections.models import Campaign, VillageElection
from elections.querysets import counted

from ..enums import Aspect
from ..models import RiskGrade, RiskScore, SurveyItem


def _elections(user, campaign: Campaign) -> QuerySet:
    rows = VillageElection.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("village", "township").order_by("village__code")


def survey_rows(user, campaign: Campaign) -> QuerySet:
    """Elections with `written` and `clear` (findings recorded, findings clear) and by which group and when last."""
    items = SurveyItem.objects.filter(election=OuterRef("pk"))
    newest = items.order_by("-surveyed_on", "-number").exclude(surveyed_on=None)
    return _elections(user, campaign).annotate(
        written=counted(items),
        clear=counted(items.filter(is_clear=True)),
        group=Subquery(newest.values("research_group")[:1]),
        surveyed_on=Subquery(newest.values("surveyed_on")[:1]),
    )


def risk_rows(user, campaign: Campaign) -> QuerySet:
    """Elections with their grading at hand (`risk_grade`, absent where a village is not graded) and its points
    (`points`: aspect → points and `total`)."""
    newest = RiskScore.objects.filter(election=OuterRef("pk")).order_by("-recorded_at", "-pk")
    points = JSONObject(total="total", **{aspect.value: aspect.value for aspect in Aspect})
    return (
        _elections(user, campaign)
        .select_related("risk_grade")
        .annotate(points=Subquery(newest.values(_points=points)[:1]))
    )


def survey_items(elections: QuerySet) -> QuerySet:
    """The findings of these elections, item by item, as their workbook has them."""
    return (
        SurveyItem.objects.filter(election__in=elections.order_by().values("pk"))
        .select_related("election__campaign", "election__village__township")
        .order_by("election__village__code", "number")
    )


def risk_grades(elections: QuerySet) -> QuerySet:
    """The gradings of these elections, one per village."""
    return (
        RiskGrade.objects.filter(election__in=elections.order_by().values("pk"))
        .select_related("election__village__township")
        .order_by("election__village__code")
    )
