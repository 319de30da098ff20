"""Rules of passwords in the words of the house, where Django has none in Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class MinimumLength(MinimumLengthValidator):
    """Django 5.2 changed its sentence and lost the Chinese translation."""

    def get_error_message(self) -> str:
        return f"密码太短：至少{self.min_length}位。"
