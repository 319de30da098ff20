"""Forms of a campaign and its parameters."""

from django import forms

from villages.models import Jurisdiction

from ..models import RuleSet, default_survey_items
from ..services.campaigns import DAILY, PARAMETERS, SOURCE, villages_of
from .facts import day

HELP = {
    "quorum_strict": "不勾选：不少于五分之四即可（2020年《中国共产党基层组织选举工作条例》）。勾选：必须超过五分之四。",
    "recommendation_numerator": "两次推荐会的最低到会比例，常用三分之二（由方案规定）。",
    "surplus_percent": "委员候选人比应选名额至少多20%，不足1名的进位（《中国共产党基层组织选举工作条例》）。",
    "women_minimum": "第一道关口：初步人选中女性至少几名；确有困难的村可申请例外（由方案规定）。",
    "women_minimum_prepared": "第二道关口：候选人预备人选中女性至少几名；可申请例外（由方案规定）。",
    "women_minimum_elected": "第三道关口：设委员会的村当选人员中女性至少几名；不改变选举结果，未达到的说明理由、申请例外。",
    "merge_rule": "加权：党员票×占比＋群众票×其余。各取前列：两次推荐各取应选名额数的前列，都在其中的优先，其余按票数补足（由方案规定）。",
    "member_percent": "只在“加权”时使用，群众票占其余。",
    "shift_approval": "全县统一换届、与各村届满日期不一致的，填上级批准的文号；各村另有批准的填在村的请示环节。",
    "overdue_red_days": "环节过了计划日期显示黄色；超过这个工作日数显示红色（除去法定节假日和周末，计入调休上班日）。",
    "source": "例如：《某县村（社区）党组织换届工作方案》（某办发〔2026〕8号）。显示在“规则与参数”页。",
    "notice_working_days": "预备人选公示至少几个工作日（由方案规定，常用5个）。",
}


class ParametersForm(forms.ModelForm):
    """The rule set's numbers and the campaign's plan, without its name and area."""

    ends_on = day("计划完成日期")
    daily_cutoff = forms.TimeField(
        label="日报截止时间",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="到这个时间自动汇总当天日报，生成简报；之后上报的注明迟报。",
    )
    daily_approval = forms.BooleanField(
        label="日报须经乡镇领导审定",
        required=False,
        help_text="勾选：联络员上报后由本乡镇领导审定或退回；未审定的照样汇总，注明“待审定”。",
    )
    daily_lock_days = forms.IntegerField(
        label="日报几天后锁定",
        min_value=0,
        max_value=60,
        required=False,
        initial=3,
        help_text="日报日期之后这个天数内联络员可以更正；锁定后由组织部工作人员开锁。",
    )
    daily_reminder = forms.IntegerField(
        label="日报截止前几分钟提醒",
        min_value=0,
        max_value=720,
        required=False,
        initial=60,
        help_text="到时提醒还没有上报的乡镇联络员，并给组织部一段催报文字；填0不提醒。",
    )
    survey_items = forms.CharField(
        label="“七个清楚”内容",
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="每行一项，共七项；前三项由方案规定，后四项由县确定。",
    )

    effective_on = day("生效日期", required=False)

    class Meta:
        model = RuleSet
        fields = (*PARAMETERS, *SOURCE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, text in HELP.items():
            self.fields[name].help_text = text
        self.fields["survey_items"].initial = "\n".join(default_survey_items())

    #: Legend → fields, as the page groups them.
    GROUPS = (
        ("计划", ("ends_on",)),
        ("日报", ("daily_cutoff", *DAILY)),
        ("规则参数", PARAMETERS),
        ("规则来源", SOURCE),
        ("“七个清楚”", ("survey_items",)),
    )

    def groups(self):
        """(legend, bound fields) of each group."""
        return [(legend, [self[name] for name in names]) for legend, names in self.GROUPS]

    def clean_daily_lock_days(self) -> int:
        days = self.cleaned_data["daily_lock_days"]
        return 3 if days is None else days

    def clean_daily_reminder(self) -> int:
        minutes = self.cleaned_data["daily_reminder"]
        return 60 if minutes is None else minutes

    def clean_survey_items(self) -> list[str]:
        items = [line.strip() for line in self.cleaned_data["survey_items"].splitlines()]
        items = [line for line in items if line]
        if len(items) != 7:
            raise forms.ValidationError(f"应填七项，每行一项；现有{len(items)}项。")
        if any(len(item) > 30 for item in items):
            raise forms.ValidationError("每项不超过30个字。")
        return items

    def clean(self):
        data = super().clean()
        top, bottom = data.get("recommendation_numerator"), data.get("recommendation_denominator")
        if top and bottom and top > bottom:
            self.add_error("recommendation_numerator", "到会比例不能大于1：请改正分子或分母。")
        return data

    def daily(self) -> dict:
        return {name: self.cleaned_data[name] for name in DAILY}

    def parameters(self) -> dict:
        return {name: self.cleaned_data[name] for name in PARAMETERS + SOURCE}


class AreaField(forms.ModelChoiceField):
    """Areas, each with the number of villages that a campaign there would open."""

    def label_from_instance(self, area: Jurisdiction) -> str:
        return f"{area.name}（{villages_of(area).count()}个村、社区）"


class CampaignForm(ParametersForm):
    """A new campaign: name, area and first day besides."""

    name = forms.CharField(
        label="名称", max_length=100, help_text="例如：某县2026年村（社区）党组织集中换届。"
    )
    area = AreaField(
        label="辖区",
        queryset=Jurisdiction.objects.none(),
        help_text="括号内是将要建立村档案的村（社区）数。",
    )
    starts_on = day("启动日期")

    GROUPS = (
        ("基本情况", ("name", "area", "starts_on", "ends_on")),
        *ParametersForm.GROUPS[1:],
    )

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["area"].empty_label = None
        self.fields["daily_cutoff"].initial = "18:00"
