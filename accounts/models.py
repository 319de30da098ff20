"""Users and the audit trail. A user knows no jurisdiction: postings live in `villages`."""

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from .triggers import CHAIN, HEAD, append_only, only_forward


class UserManager(BaseUserManager):
    def create_user(self, username, password, *, name, phone="", must_change_password=True):
        """A stored user with a hashed password."""
        user = self.model(
            username=username, name=name, phone=phone, must_change_password=must_change_password
        )
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Disabled when leaving, never deleted."""

    username = models.CharField("账号", max_length=50, unique=True)
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"


class AuditChain(models.Model):
    """The head of one chain of audit entries: a township's, or the system's. Kept by the trigger of AuditEntry."""

    key = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "审计链"
        triggers = only_forward()

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """One write: who, in which post, when, what, before and after. Text only, no foreign keys, append-only.

    `seq`, `prev_hash` and `hash` are set by a trigger when the row is inserted.
    """

    chain = models.CharField("审计链", max_length=60)
    seq = models.BigIntegerField("序号", default=0)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_username = models.CharField("账号", max_length=50, blank=True)
    actor_name = models.CharField("姓名", max_length=50, blank=True)
    actor_post = models.CharField("岗位", max_length=200, blank=True)
    target_label = models.CharField("对象类别", max_length=60)
    target_pk = models.CharField(max_length=40)
    target_text = models.CharField("对象", max_length=200)
    changes = models.JSONField("内容", default=dict)
    reason = models.CharField("理由", max_length=500, blank=True)
    campaign_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "审计日志"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_seq_once_per_chain")
        ]
        indexes = [models.Index(fields=["-at"]), models.Index(fields=["actor_id", "-at"])]
        triggers = [
            pgtrigger.Trigger(
                name="audit_chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "RECORD"), ("known", "RECORD")],
                func=CHAIN,
            ),
            pgtrigger.Trigger(
                name="audit_head",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=HEAD,
            ),
            *append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.action}"
