"""Forms of accounts and of postings. Shape only; rules are asked by the services."""

from django import forms

from accounts.enums import Role
from accounts.errors import Forbidden
from accounts.models import User

from ..models import Jurisdiction
from ..permissions import check_can_manage_postings


class UserForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9_.-]{3,50}$",
        label="账号",
        max_length=50,
        help_text="3至50位字母、数字、点、横线或下划线。",
        error_messages={"invalid": "账号只能用3至50位字母、数字、点、横线或下划线。"},
    )
    name = forms.CharField(label="姓名", max_length=50)
    phone = forms.CharField(label="联系电话", max_length=20, required=False)
    password = forms.CharField(
        label="初始密码",
        max_length=128,
        strip=False,
        help_text="不少于10位，不能全是数字，不能含有账号、姓名。本人首次登录时必须修改。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ResetPasswordForm(forms.Form):
    password = forms.CharField(
        label="新的初始密码",
        max_length=128,
        strip=False,
        help_text="不少于10位，不能全是数字，不能含有账号、姓名。本人下次登录时必须修改。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PostingForm(forms.Form):
    user = forms.ModelChoiceField(
        label="用户", queryset=User.objects.filter(is_active=True).order_by("username")
    )
    role = forms.ChoiceField(label="角色", choices=Role.choices)
    code = forms.CharField(
        label="辖区代码",
        max_length=12,
        help_text="县级6位、乡镇9位，例如 320724 或 320724100；须在您管理的辖区以内。",
    )
    title = forms.CharField(label="职务", max_length=60, required=False)
    department = forms.CharField(label="单位", max_length=60, required=False)

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_code(self) -> Jurisdiction:
        code = self.cleaned_data["code"].strip()
        levels = {2: "province", 4: "city", 6: "county", 9: "township"}
        unit = (
            Jurisdiction.objects.open()
            .filter(code=code.ljust(12, "0"), level=levels.get(len(code), ""))
            .first()
        )
        if unit is None:
            raise forms.ValidationError(f"没有代码为“{code}”的辖区：请核对后重填。")
        try:
            check_can_manage_postings(self.by, unit)
        except Forbidden as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return unit
