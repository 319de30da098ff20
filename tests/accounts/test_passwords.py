"""What the validators of passwords refuse, and in which words."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import UnlikeTheUser

USER = User(username="wangxm", name="王小明")
#: Class of a validator → passwords that it refuses to USER.
REFUSED = {
    "UnlikeTheUser": ["wangxm1234", "Qj-王小明-8841-k"],
    "MinimumLength": ["", "Qj-8841-k"],
    "CommonPasswordValidator": ["password123", "qwertyuiop"],
    "NumericPasswordValidator": ["6174095382716", "６１７４０９５３８２７１６"],
}


def test_every_validator_of_the_settings_has_a_row_here():
    names = [row["NAME"].rsplit(".", 1)[1] for row in settings.AUTH_PASSWORD_VALIDATORS]

    assert names == list(REFUSED)


@pytest.mark.parametrize(
    ("name", "password"), [(name, p) for name, many in REFUSED.items() for p in many]
)
def test_refusal_is_a_chinese_sentence(name, password):
    validator = next(v for v in get_default_password_validators() if type(v).__name__ == name)

    with pytest.raises(ValidationError) as refusal:
        validator.validate(password, USER)

    [message] = refusal.value.messages
    assert not re.search(r"[A-Za-z]", message), message
    assert re.fullmatch(r"[\u4e00-\u9fff\d ，：]+[。？！]", message), message


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("王小明-8841-kTw", "密码不能含有姓名：请另设一个。"),
        ("8841王小明kTwq", "密码不能含有姓名：请另设一个。"),
        ("8841-WANGXM-kTwqz-5530", "密码不能含有账号：请另设一个。"),
        ("wangxm2026", "密码与账号太相似：请另设一个。"),
        ("小明-8841-kTwqz", None),
        ("8841-wang-xm-kTwqz", None),
    ],
)
def test_password_is_unlike_the_account_and_the_name(password, message):
    validator = UnlikeTheUser(user_attributes=("username", "name"))

    if message is None:
        validator.validate(password, USER)
    else:
        with pytest.raises(ValidationError) as refusal:
            validator.validate(password, USER)
        assert refusal.value.messages == [message]


def test_password_of_nobody_yet_is_not_compared():
    UnlikeTheUser(user_attributes=("username", "name")).validate("8841-wangxm-kTwqz")


def test_user_without_a_name_is_not_refused_everything():
    UnlikeTheUser(user_attributes=("username", "name")).validate(
        "8841-kTwqz-55", User(username="wangxm", name="")
    )
