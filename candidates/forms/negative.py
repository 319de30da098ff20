"""Forms of the negative list and of what is on record about a person. Shape only; rules are asked by the services."""

from django import forms

from elections.forms.facts import count, day

from ..enums import ElectedPostKind, FactKind, RuleCategory, RuleWeight, StartingPoint
from ..services.facts import Facts
from ..services.negative_list import RuleText


class NegativeRuleForm(forms.Form):
    code = forms.CharField(label="编号", max_length=20)
    category = forms.ChoiceField(label="类别", choices=RuleCategory.choices)
    weight = forms.ChoiceField(label="性质", choices=RuleWeight.choices)
    text = forms.CharField(label="内容", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    years = count(
        "追溯年限（年）", most=50, required=False, help_text="不填为不限年限；填0为期满为止。"
    )
    starts_from = forms.ChoiceField(
        label="起算点", choices=StartingPoint.choices, initial=StartingPoint.ENDED
    )
    kinds = forms.MultipleChoiceField(
        label="对应的情况",
        choices=FactKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="登记了这些情况的人自动提示本条；都不选的，由审查人核对。",
    )
    posts = forms.MultipleChoiceField(
        label="适用职务",
        choices=ElectedPostKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="都不选为适用全部职务。",
    )
    department = forms.CharField(
        label="核查部门", max_length=200, required=False, help_text="多个部门用“、”分开。"
    )
    evidence = forms.CharField(label="证据要求", max_length=200, required=False)
    source = forms.CharField(label="依据（文件、文号）", max_length=200, required=False)

    def rule_text(self) -> RuleText:
        return RuleText(**self.cleaned_data)

    @classmethod
    def of(cls, rule) -> "NegativeRuleForm":
        """A form that shows a rule of the list; its code stays."""
        form = cls(initial={name: getattr(rule, name) for name in cls.base_fields})
        form.fields["code"].disabled = True
        return form


class PasteForm(forms.Form):
    lines = forms.CharField(
        label="清单",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一条：编号、类别、内容、追溯年限、核查部门，用制表符（从表格粘贴即是）或“|”分开；后两栏可以不填。",
    )


class SampleForm(forms.Form):
    """No fields: the sample list follows from the button."""


class RetireRuleForm(forms.Form):
    reason = forms.CharField(label="停用理由", max_length=200)


class FactForm(forms.Form):
    kind = forms.ChoiceField(label="情况类别", choices=FactKind.choices)
    source = forms.CharField(label="来源单位", max_length=60)
    document = forms.CharField(label="文号", max_length=100, required=False)
    happened_on = day("查处之日", required=False)
    decided_on = day("决定之日", required=False)
    ended_on = day("刑满（影响期满）之日", required=False)
    text = forms.CharField(label="情况", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def facts(self) -> Facts:
        return Facts(**self.cleaned_data)


class WithdrawFactForm(forms.Form):
    fact = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="撤回理由", max_length=200)
