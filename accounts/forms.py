"""Forms of signing in and of one's own password."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms


class LoginForm(forms.Form):
    username = forms.CharField(
        label="账号",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "login-form"
        self.helper.attrs = {"data-form-once": ""}
        self.helper.add_input(Submit("submit", "登录", css_class="w-100"))


class PasswordChangeForm(forms.Form):
    old = forms.CharField(
        label="原密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        help_text="不少于10位，不能全是数字，不能是常见密码，不能含有账号、姓名或与之相近。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeat = forms.CharField(
        label="再输一遍新密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-form-once": ""}
        self.helper.add_input(Submit("submit", "修改密码"))

    def clean(self):
        data = super().clean()
        if data.get("new") and data.get("repeat") and data["new"] != data["repeat"]:
            self.add_error("repeat", "两次输入的新密码不一致：请重新输入。")
        return data
