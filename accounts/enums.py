"""Roles. Codes are stored, labels are shown."""

from django.db import models


class Role(models.TextChoices):
    """What a posting lets its holder do (docs/操作手册.md says it in words)."""

    ORG_STAFF = "org_staff", "组织部工作人员"
    COORDINATOR = "coordinator", "乡镇联络员"
    LEADER = "leader", "领导"
    VETTING = "vetting", "联审单位"
    DISCIPLINE = "discipline", "纪检信访专员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


#: The three administrators (三员) see accounts, rights and logs, never business data.
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
