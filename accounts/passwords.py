"""Rules of passwords in the words of the house, where Django has none in Chinese or looks past Chinese names."""

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError


class MinimumLength(MinimumLengthValidator):
    """Django 5.2 changed its sentence and lost the Chinese translation."""

    def get_error_message(self) -> str:
        return f"密码太短：至少{self.min_length}位。"


class UnlikeTheUser(UserAttributeSimilarityValidator):
    """Django measures likeness by length: a name of three characters never comes near a password of ten, even if the
    password spells it out. So what is contained is refused too."""

    def get_error_message(self) -> str:
        return "密码与%(verbose_name)s太相似：请另设一个。"

    def validate(self, password: str, user=None) -> None:
        super().validate(password, user)
        for attribute in self.user_attributes:
            value = getattr(user, attribute, "")
            if value and value.lower() in password.lower():
                label = user._meta.get_field(attribute).verbose_name
                raise ValidationError(
                    f"密码不能含有{label}：请另设一个。", code="password_too_similar"
                )
